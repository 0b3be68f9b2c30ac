"""What every table stands on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from storage.columns import PlainText, SealedText, UtcDateTime

Sealed = Annotated[str, mapped_column(SealedText)]
"""A column of texts of `storage.sealing`: its values are sealed anew when the keys are rotated."""


class Row(DeclarativeBase):
    """Base of every table; names constraints, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: PlainText,
        datetime: UtcDateTime,
        Any: JSON(none_as_null=True),
    }
