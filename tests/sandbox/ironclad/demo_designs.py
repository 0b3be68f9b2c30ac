"""The published designs of the demo company. Their conditions are known to the server alone."""

import hashlib
from collections.abc import Sequence

from tests.sandbox.ironclad.templates import (
    Condition,
    Field,
    Required,
    Role,
    Template,
    above,
    choice,
    choices,
    draft_on_their_paper,
    files,
    of_type,
    paper_questions,
    table,
    text,
    thing,
)

OPS_ADMIN = "ironclad-admin@example.com"
LEGAL = "dana.ruiz@example.com"
PROCUREMENT = "lee.wong@example.com"
FINANCE = "priya.nair@example.com"
REGIONS = ("AMER", "EMEA", "APAC")
LAWS = ("California", "Delaware", "England and Wales", "New York", "Singapore")
DEPARTMENTS = ("Engineering", "Finance", "Legal", "Marketing", "Operations", "People", "Sales")


def demo_designs() -> Sequence[Template]:
    """Eleven designs that together ask every type of question; the last one does so alone."""
    return (
        mutual_nda(),
        vendor_services(),
        simple_purchase(),
        software_order(),
        statement_of_work(),
        data_processing(),
        board_resolution(),
        vendor_onboarding(),
        reseller(),
        supplier_paper(),
        everything(),
    )


def mutual_nda() -> Template:
    """Either paper, a signer's name and address, and a purpose that only some regions need."""
    signer, email = _signer_questions("mutual nda")
    return Template(
        name="Mutual NDA",
        fields=(
            text("counterpartyName", "Counterparty Name", "always"),
            *paper_questions(),
            signer,
            email,
            choice("region", "Region", REGIONS, "always"),
            choice("governingLaw", "Governing Law", LAWS, default="California"),
            of_type("duration", "term", "Term of Confidentiality", default={"days": 0, "months": 0}),
            text("purpose", "Purpose of Disclosure", "conditional"),
            text("requestReference", "Request Reference"),
        ),
        roles=(_approver("mutual nda", "Legal", LEGAL), _signer("mutual nda", "Counterparty Signer")),
        conditions=(
            draft_on_their_paper(),
            Condition("purpose", lambda given: given.get("region") == "EMEA"),
        ),
    )


def vendor_services() -> Template:
    """Every type of question there is."""
    return Template(
        name="Vendor Services Agreement",
        fields=(
            text("counterpartyName", "Vendor Name", "always"),
            text("servicesDescription", "Describe the services", "always"),
            choice("businessUnit", "Business Unit", DEPARTMENTS, "always"),
            choices("offices", "Offices Served", ("Berlin", "Dublin", "Oakland", "Tokyo")),
            of_type("boolean", "handlesPersonalData", "Will the vendor handle personal data?", "always"),
            of_type("number", "headcount", "Number of Contractors"),
            of_type("email", "vendorContactEmail", "Vendor Contact Email", "always"),
            of_type("date", "startDate", "Start Date", "always"),
            of_type("monetaryAmount", "contractValue", "Total Contract Value", "always"),
            of_type("duration", "initialTerm", "Initial Term"),
            of_type("address", "vendorAddress", "Vendor Address", "always"),
            table(
                "lineItems",
                "Line Items",
                (
                    text("item", "Item", "always"),
                    of_type("number", "quantity", "Quantity"),
                    of_type("monetaryAmount", "price", "Price"),
                ),
            ),
            of_type("linkedRecord", "relatedRecord", "Related Record"),
            files("supportingDocuments", "Supporting Documents"),
            text("dpaContact", "Data Protection Contact", "conditional"),
        ),
        roles=(
            _approver("vendor services", "Procurement", PROCUREMENT),
            _approver("vendor services", "Legal", LEGAL),
        ),
        conditions=(
            Condition("dpaContact", lambda given: given.get("handlesPersonalData") is True),
            above("contractValue", 100_000, needs="supportingDocuments"),
        ),
    )


def simple_purchase() -> Template:
    """Only the simple types, our reference, and a cost centre above 10,000."""
    return Template(
        name="Simple Purchase",
        fields=(
            text("counterpartyName", "Vendor", "always"),
            text("requestNumber", "Request number"),
            text("whatAndWhy", "What do you need, and why?", "always"),
            choice("department", "Department", DEPARTMENTS, "always"),
            of_type("boolean", "budgeted", "Is it budgeted?", "always"),
            of_type("number", "amount", "Amount (USD)", "always"),
            of_type("email", "vendorEmail", "Vendor Email"),
            of_type("date", "neededBy", "Needed by", "always"),
            text("costCentre", "Cost centre", "conditional"),
        ),
        roles=(_approver("simple purchase", "Finance", FINANCE),),
        conditions=(above("amount", 10_000, needs="costCentre"),),
    )


def software_order() -> Template:
    """An approver that has no default assignee: who launches has to name one."""
    return Template(
        name="Software Order Form",
        fields=(
            text("counterpartyName", "Software Vendor", "always"),
            text("productName", "Product", "always"),
            of_type("number", "seats", "Seats", "always", default=1),
            of_type("monetaryAmount", "annualFee", "Annual Fee", "always"),
            choice("billing", "Billing", ("Annual", "Quarterly", "Monthly"), "always", default="Annual"),
            of_type("duration", "subscriptionTerm", "Subscription Term", "always"),
            of_type("date", "subscriptionStart", "Subscription Start"),
        ),
        roles=(_approver("software order", "Security Review", None),),
    )


def statement_of_work() -> Template:
    """Belongs to a parent agreement; has tables and files inside an object and inside rows."""
    return Template(
        name="Statement of Work",
        fields=(
            text("counterpartyName", "Counterparty Name", "always"),
            of_type("parentRecord", "masterAgreement", "Master Agreement", "always"),
            text("scopeOfWork", "Scope of Work", "always"),
            of_type("monetaryAmount", "fee", "Fee"),
            thing(
                "project",
                "Project",
                (
                    text("lead", "Lead", "always"),
                    table("sites", "Sites", (text("place", "Place", "always"), text("room", "Room"))),
                    files("brief", "Brief"),
                ),
            ),
            table(
                "milestones",
                "Milestones",
                (
                    text("milestone", "Milestone", "always"),
                    of_type("date", "due", "Due"),
                    of_type("monetaryAmount", "payment", "Payment"),
                    files("acceptance", "Acceptance Criteria"),
                    table(
                        "deliverables",
                        "Deliverables",
                        (
                            text("what", "What", "always"),
                            of_type("number", "hours", "Hours"),
                            of_type("monetaryAmount", "cost", "Cost"),
                            files("sample", "Sample"),
                        ),
                    ),
                ),
                "always",
            ),
        ),
        roles=(_approver("statement of work", "Legal", LEGAL),),
    )


def data_processing() -> Template:
    """Either paper, several choices."""
    return Template(
        name="Data Processing Addendum",
        fields=(
            text("counterpartyName", "Processor", "always"),
            *paper_questions(),
            choices(
                "dataCategories", "Categories of Data", ("Contact", "Financial", "Health", "Usage"), "always"
            ),
            of_type("boolean", "transfersOutsideEea", "Transfers outside the EEA?", "always"),
            choice("transferMechanism", "Transfer Mechanism", ("SCCs", "Adequacy", "BCRs"), "conditional"),
            of_type("address", "processorAddress", "Processor Address"),
        ),
        roles=(_approver("data processing", "Privacy", LEGAL),),
        conditions=(
            draft_on_their_paper(),
            Condition("transferMechanism", lambda given: given.get("transfersOutsideEea") is True),
        ),
    )


def board_resolution() -> Template:
    """Everybody sees it; only Legal and the ops admin may launch it."""
    return Template(
        name="Board Resolution",
        fields=(
            text("counterpartyName", "Entity", "always"),
            text("resolution", "Resolution", "always"),
            of_type("date", "meetingDate", "Meeting Date", "always"),
        ),
        roles=(_approver("board resolution", "General Counsel", LEGAL),),
        launchers=frozenset({LEGAL, OPS_ADMIN}),
    )


def vendor_onboarding() -> Template:
    """Sixty questions, more than one Slack modal holds."""
    return Template(
        name="Vendor Onboarding Questionnaire",
        fields=(
            text("counterpartyName", "Vendor Name", "always"),
            *(_onboarding_question(number) for number in range(2, 61)),
        ),
        roles=(_approver("vendor onboarding", "Procurement", PROCUREMENT),),
    )


def reseller() -> Template:
    """Has a formula, and a type that nobody documented."""
    return Template(
        name="Reseller Agreement",
        fields=(
            text("counterpartyName", "Reseller", "always"),
            of_type("monetaryAmount", "listPrice", "List Price", "always"),
            of_type("number", "discount", "Discount (%)", "always"),
            of_type("formula", "netPrice", "Net Price"),
            of_type("entity", "sellingEntity", "Selling Entity"),
        ),
        roles=(_approver("reseller", "Finance", FINANCE),),
    )


def supplier_paper() -> Template:
    """Only ever on the counterparty's paper: the draft is always needed."""
    return Template(
        name="Supplier Terms Review",
        fields=(
            text("counterpartyName", "Supplier", "always"),
            files("draft", "Supplier's terms", "always"),
            text("notes", "Notes for Legal"),
        ),
        roles=(_approver("supplier terms", "Legal", LEGAL),),
        generates=False,
    )


def everything() -> Template:
    """One question of every type that can be launched with."""
    signer, email = _signer_questions("everything")
    return Template(
        name="One of Everything",
        fields=(
            text("counterpartyName", "Counterparty Name", "always"),
            *paper_questions(),
            signer,
            email,
            text("description", "Description of the Services", "always"),
            choice("region", "Region", REGIONS, "always"),
            choice("law", "Governing Law", LAWS, free_text=True),
            choices("offices", "Offices Served", ("Berlin", "Dublin", "Oakland", "Tokyo"), "always"),
            of_type("boolean", "personalData", "Personal data?", "always"),
            of_type("number", "headcount", "Headcount", "always"),
            of_type("date", "startDate", "Start Date", "always"),
            of_type("monetaryAmount", "contractValue", "Contract Value", "always"),
            of_type("duration", "initialTerm", "Initial Term", "always"),
            of_type("address", "vendorAddress", "Vendor Address", "always"),
            table(
                "lineItems",
                "Line Items",
                (
                    text("sku", "SKU", "always"),
                    of_type("number", "quantity", "Quantity", "always"),
                    of_type("monetaryAmount", "price", "Price"),
                ),
                "always",
            ),
            thing(
                "contact",
                "Contact",
                (text("name", "Name", "always"), of_type("email", "email", "E-mail")),
            ),
            of_type("linkedRecord", "relatedRecord", "Related Record", "always"),
            of_type("parentRecord", "parentAgreement", "Parent Agreement"),
            files("attachments", "Attachments"),
        ),
        roles=(
            _approver("everything", "Security Review", None),
            _signer("everything", "Counterparty Signer"),
        ),
        conditions=(draft_on_their_paper(),),
    )


def _onboarding_question(number: int) -> Field:
    """Four kinds in turn; the first twelve are required."""
    required: Required = "always" if number <= 12 else "never"
    key, label = f"question{number}", f"Question {number}"
    match number % 4:
        case 0:
            return of_type("boolean", key, f"{label}: do you agree?", required)
        case 1:
            return of_type("number", key, f"{label}: how many?", required)
        case 2:
            return choice(key, f"{label}: which one?", ("First", "Second", "Third"), required)
        case _:
            return text(key, f"{label}: please describe", required)


def _approver(design: str, name: str, default: str | None) -> Role:
    return Role(f"approver{_stable(design, name)}", name, default)


def _signer(design: str, name: str) -> Role:
    return Role(f"signer{_stable(design, name)}", name)


def _signer_questions(design: str) -> tuple[Field, Field]:
    """Signer questions carry random ids; only the retrieved schema says what they are (facts page, §4.2)."""
    name, email = (f"role{_stable(design, what)}" for what in ("signer name", "signer email"))
    return (
        text(name, "Counterparty Signer Name", "always", property_key="counterpartySigner"),
        of_type(
            "email", email, "Counterparty Signer Email", "always", property_key="counterpartySignerEmail"
        ),
    )


def _stable(design: str, what: str) -> str:
    """The 32 hex digits of generated ids; the same in every run, so that demos and tests can name them."""
    return hashlib.sha256(f"{design}/{what}".encode()).hexdigest()[:32]
