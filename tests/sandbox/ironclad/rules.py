"""How this Ironclad behaves where its sources are silent or tenants differ (facts page, §11, §12)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Rules(BaseModel):
    """Switches; every default is the stricter choice.

    Attributes:
        token_seconds: lifetime of access tokens; one source says six hours.
        code_seconds: lifetime of an authorization code; not documented.
        index_lag: seconds until lists and filters find a new workflow.
        launch_seconds: how long a synchronous launch takes.
        job_seconds: how long an asynchronous launch takes.
        unknown_attributes: `refuse` a key that the launch form does not have, or `ignore` it.
        downloads: whether Ironclad can fetch the URLs of files.
        bare_dates: whether `2026-05-11` is taken as a date.
        redirect_in_refusal: whether a synchronous refusal carries `redirectUrl`, as asynchronous ones do.
        missing_user_status, missing_user_code: the answer to client credentials without an acting user.
        unknown_user_status, unknown_user_code: the answer to an acting user who has no account.
        webhook_retries: seconds before each repetition of a delivery that failed.
    """

    model_config = ConfigDict(validate_assignment=True, extra="forbid")

    token_seconds: int = 21_600
    code_seconds: float = 600
    index_lag: float = 0
    launch_seconds: float = 0
    job_seconds: float = 0
    unknown_attributes: Literal["refuse", "ignore"] = "refuse"
    downloads: bool = False
    bare_dates: bool = False
    redirect_in_refusal: bool = False
    missing_user_status: int = 400
    missing_user_code: str = "MISSING_PARAM"
    unknown_user_status: int = 403
    unknown_user_code: str = "FORBIDDEN"
    webhook_retries: tuple[float, ...] = (0.2, 0.4, 0.8)
