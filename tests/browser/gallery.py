"""One of every block and element that the page draws, as the payloads an app would send."""

from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]

HOSTILE = "<script>alert(1)</script> <!channel> &amp; \u202eevil\u202c 'quoted' \"text\""
"""Plain text that must be drawn letter by letter: markup, a mention, an entity, a direction override."""

HOSTILE_ESCAPED = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
"""The same as mrkdwn, escaped as Slack asks its apps to."""

MRKDWN = (
    "*bold*, _italic_, ~strike~, `code`, snake_case_name stays, <https://example.com/contract|a link>, "
    "https://example.com/bare.\n"
    "> a quotation\n"
    ":white_check_mark: done, :unknown_code: kept, "
    "due <!date^1795000000^{date_short} at {time}|in November>\n"
    "```def main():\n    return 0```"
)


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str, description: str | None = None) -> dict[str, Any]:
    """An option whose value is its text in lower case."""
    known = {"text": plain(text), "value": text.lower().replace(" ", "-")}
    return known | ({"description": plain(description)} if description else {})


OPTIONS = [option("North America"), option("Europe", "EU and UK"), option("Asia Pacific")]
GROUPS = [
    {"label": plain("Americas"), "options": [option("Canada"), option("Mexico")]},
    {"label": plain("Europe"), "options": [option("Austria"), option("Norway")]},
]


def entry(block_id: str, label: str, kind: str, *, needed: bool = False, **element: Any) -> Block:
    """An input block, optional unless `needed`; the keywords are the element's."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"type": kind, "action_id": "value", **element},
        "optional": not needed,
    }


def reading_blocks(person: str, channel: str) -> list[Block]:
    """Blocks that are only read; for messages and Home alike."""
    return [
        {"type": "header", "text": plain("Gallery: everything that is read")},
        {"type": "section", "text": mrkdwn(f"Hello <@{person}>, see <#{channel}>. {MRKDWN}")},
        {"type": "section", "text": mrkdwn(HOSTILE_ESCAPED)},
        {"type": "section", "text": plain(HOSTILE)},
        {
            "type": "section",
            "fields": [mrkdwn("*Template*\nMutual NDA"), mrkdwn("*Step*\nReview"), plain("Requester: Dana")],
        },
        {"type": "divider"},
        {
            "type": "context",
            "elements": [
                {"type": "image", "image_url": "https://images.example.com/seal.png", "alt_text": "seal"},
                mrkdwn("REQ-12 · launched by *Dana Ruiz*"),
            ],
        },
        {
            "type": "image",
            "title": plain("An image from elsewhere"),
            "image_url": "https://images.example.com/chart.png",
            "alt_text": "Cycle time by month",
        },
        rich_text(person),
    ]


def rich_text(person: str) -> Block:
    """A rich_text block with every element it may hold."""
    words = {"type": "text", "text": "Rich text "}
    styled = {"type": "text", "text": "bold italic", "style": {"bold": True, "italic": True}}
    section = [
        words,
        styled,
        {"type": "emoji", "name": "rocket"},
        {"type": "text", "text": " for "},
        {"type": "user", "user_id": person},
        {"type": "text", "text": ", "},
        {"type": "link", "url": "https://example.com", "text": "a link"},
    ]
    item = {"type": "rich_text_section", "elements": [words]}
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": section},
            {"type": "rich_text_list", "style": "bullet", "elements": [item, item]},
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [item]},
            {"type": "rich_text_quote", "elements": [words]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1\ny = 2"}]},
        ],
    }


def table() -> Block:
    """A table block, for messages."""
    rows = [["Number", "Title", "Amount"], ["IC-1", "Mutual NDA with Acme", "0"], ["IC-2", "Order", "12,500"]]
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in rows]
    return {"type": "table", "rows": cells, "column_settings": [{}, {}, {"align": "right"}]}


def buttons() -> Block:
    """Every kind of button and the overflow menu."""
    confirm = {
        "title": plain("Cancel the request?"),
        "text": plain("REQ-12 will be closed."),
        "confirm": plain("Cancel it"),
        "deny": plain("Keep it"),
        "style": "danger",
    }
    return {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            button("launch", "Launch contract", style="primary"),
            button("plain", "Edit"),
            button("cancel", "Cancel request", style="danger", confirm=confirm),
            button("open", "Open in Ironclad", url="https://example.com/workflow/1"),
            {"type": "overflow", "action_id": "more", "options": [option("Reassign"), option("Archive")]},
        ],
    }


def button(action_id: str, text: str, **more: Any) -> Element:
    """A button whose value is its action_id."""
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": action_id, **more}


def acting_blocks() -> list[Block]:
    """Elements that act at once, in actions and as accessories."""
    chooser = {"type": "static_select", "action_id": "region", "options": OPTIONS}
    many = {"type": "multi_static_select", "action_id": "regions", "options": OPTIONS}
    ticks = {"type": "checkboxes", "action_id": "ticks", "options": [option("Urgent"), option("Private")]}
    return [
        buttons(),
        {
            "type": "actions",
            "block_id": "pickers",
            "elements": [
                {**chooser, "initial_option": OPTIONS[1]},
                {"type": "users_select", "action_id": "who", "placeholder": plain("Approver")},
                {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-24"},
                {"type": "timepicker", "action_id": "hour", "initial_time": "14:30"},
                ticks,
            ],
        },
        {
            "type": "section",
            "block_id": "acc",
            "text": mrkdwn("A section with a select"),
            "accessory": {**many, "placeholder": plain("Any")},
        },
        {
            "type": "section",
            "block_id": "acc-button",
            "text": mrkdwn("A section with a button"),
            "accessory": button("details", "Details"),
        },
    ]


def input_blocks() -> list[Block]:
    """Every input that a modal may hold."""
    return [
        {
            "type": "alert",
            "block_id": "note",
            "level": "warning",
            "text": mrkdwn("*Two fields* need another look."),
        },
        entry("text", "Counterparty", "plain_text_input", needed=True, placeholder=plain("Acme Inc.")),
        entry("area", "What do you need?", "plain_text_input", multiline=True, initial_value="Fifty laptops")
        | {"hint": plain("One or two sentences are enough.")},
        entry("number", "Seats", "number_input", needed=True, is_decimal_allowed=False, min_value="1"),
        entry("email", "Signer's e-mail", "email_text_input", needed=True),
        entry("url", "Link to the quote", "url_text_input"),
        entry("select", "Region", "static_select", needed=True, options=OPTIONS),
        entry("grouped", "Countries", "multi_static_select", option_groups=GROUPS, max_selected_items=2),
        entry("external", "Supplier", "external_select", needed=True, min_query_length=2),
        entry("externals", "Related records", "multi_external_select", min_query_length=0),
        entry("user", "Approver", "users_select", needed=True),
        entry("users", "Watchers", "multi_users_select"),
        entry("channel", "Channel", "channels_select"),
        entry("channels", "Channels", "multi_channels_select"),
        entry("conversation", "Conversation", "conversations_select"),
        entry("conversations", "Conversations", "multi_conversations_select"),
        entry("radio", "Paper source", "radio_buttons", needed=True, options=OPTIONS[:2]),
        entry("checks", "Applies to", "checkboxes", options=OPTIONS[:2]),
        entry("date", "Start date", "datepicker", needed=True, initial_date="2026-11-24"),
        entry("time", "Call at", "timepicker"),
        entry("files", "Documents", "file_input", max_files=2, filetypes=["pdf"]),
    ]


def gallery_message(person: str, channel: str) -> list[Block]:
    """The blocks of the gallery's message."""
    return [*reading_blocks(person, channel), table(), *acting_blocks()]


def gallery_home(person: str, channel: str) -> dict[str, Any]:
    """The gallery's Home view."""
    blocks = [*reading_blocks(person, channel), *acting_blocks()]
    return {"type": "home", "blocks": blocks}


def gallery_modal() -> dict[str, Any]:
    """The gallery's modal."""
    return {
        "type": "modal",
        "callback_id": "gallery",
        "title": plain("Start a contract"),
        "submit": plain("Launch"),
        "close": plain("Not now"),
        "blocks": input_blocks(),
    }
