"""Everything Slack can ask of Slipway, on one screen: which payload goes to which listener."""

from __future__ import annotations

from functools import lru_cache, partial

from slack_bolt.async_app import AsyncApp

from bot import ids
from bot.listeners import (
    administration,
    approvals,
    conditions,
    connect,
    decisions,
    defaults,
    drafts,
    failures,
    filling,
    home,
    identities,
    installs,
    language,
    lists,
    mapping,
    offers,
    parts,
    picker,
    policies,
    reminders,
    requests,
    rule_books,
    templates,
    trials,
    upkeep,
)
from bot.listeners import systems as other_systems
from bot.listeners.topics import Administration, Connections, Everywhere, Launches, Requests
from bot.usecases.launching import Launching
from bot.usecases.offering import Offering
from bot.views import modals

LISTS_KEPT = 128  # drawn, one for each set of templates that somebody may launch; a few kB each


def register(
    app: AsyncApp,
    everywhere: Everywhere,
    launches: Launches,
    asked: Requests,
    connections: Connections,
    admins: Administration,
) -> None:
    """Attach every listener to `app`."""
    api, homes = everywhere.api, everywhere.homes
    form = filling.Filling(api, launches.drafting, launches.launching, launches.preflight, launches.looking)
    kept = drafts.Drafts(api, launches.drafting, form, homes)
    desk = requests.Desk(api, asked.requesting, asked.approving, everywhere.overseeing)
    # One list is shown many times, and drawing it would be a third of what `/contract` costs.
    listed = picker.Picker(api, launches.offering, desk, draw=lru_cache(LISTS_KEPT)(modals.pick_template))

    # Bolt asks one listener after the other, so what people wait for most comes first.
    app.use(partial(language.choose, languages=everywhere.languages))
    _starting(app, listed, kept, everywhere, launches.offering)
    _submitting(app, form)
    trials.register(app, admins.rules)  # before the forms, whose inputs it uses
    _filling(app, form)
    _parts(app, form, launches)
    _drafts(app, kept, form)
    _uncertain(app, launches.launching)
    _requests(app, desk, listed)
    _lists(app, desk, asked)
    _policies(app, desk, asked, everywhere)
    _intake(app, desk, asked, everywhere)
    _reminders(app, desk, asked, everywhere)
    _approvals(app, desk, asked)
    _home(app, everywhere, launches, connections)
    app.action(ids.OPEN_LINK)(done)
    conditions.register(app, admins.rules, done=done)
    rule_books.register(app, admins.rules)
    _systems(app, admins.systems)
    _mapping(app, admins.mappings)
    _identities(app, admins.identities)
    _connections(app, connect.Desk(api, connections.connecting, homes), connections)
    _audit(app, everywhere, admins)
    _defaults(app, defaults.Desk(api, admins.defaults, homes))
    _offers(app, offers.Desk(api, admins.offers, homes))
    _upkeep(app, admins.upkeep)
    _installs(app, connections)
    app.error(partial(failures.failed, api=api))


# Launching ----------------------------------------------------------------------------------------


def _starting(
    app: AsyncApp, listed: picker.Picker, kept: drafts.Drafts, everywhere: Everywhere, offering: Offering
) -> None:
    app.command(ids.COMMAND)(
        partial(
            picker.contract,
            picker=listed,
            drafts=kept,
            overseeing=everywhere.overseeing,
            languages=everywhere.languages,
        )
    )
    app.action(ids.START_CONTRACT)(partial(picker.start, picker=listed))
    app.action(ids.TRY_AGAIN)(partial(picker.try_again, api=everywhere.api, offering=offering))
    app.options(ids.TEMPLATE)(partial(picker.search_templates, offering=offering))


def _submitting(app: AsyncApp, form: filling.Filling) -> None:
    app.view(ids.PICK_TEMPLATE)(partial(filling.picked, filling=form))
    app.view(ids.FILL_FORM)(partial(filling.submitted, filling=form))
    app.view(ids.REVIEW_FORM)(partial(filling.reviewed, filling=form))


def _filling(app: AsyncApp, form: filling.Filling) -> None:
    for leads_somewhere in (ids.FORM_BACK, ids.FORM_CHANGE, ids.FORM_INDEX, ids.FORM_JUMP, ids.FORM_REVIEW):
        app.action(leads_somewhere)(partial(filling.turned, filling=form))
    app.action(ids.FORM_UNFOLD)(partial(filling.unfolded, filling=form))
    app.action(ids.FORM_SAVE)(partial(filling.saved, filling=form))
    app.action(ids.FORM_GO_TO)(partial(filling.went_to, filling=form))
    app.options(ids.FORM_GO_TO)(partial(filling.search_questions, filling=form))
    app.action(ids.FIELD)(partial(filling.acted, filling=form))
    app.action(ids.FIELD_SEARCH)(partial(filling.acted, filling=form))


def _parts(app: AsyncApp, form: filling.Filling, launches: Launches) -> None:
    app.options(ids.FIELD_SEARCH)(partial(parts.search_choices, filling=form))
    app.options(ids.RECORD_SEARCH)(partial(parts.search_records, records=launches.records))
    app.action(ids.ADD_ROW)(partial(parts.add_row, filling=form))
    for pressed_row in (ids.ROW_MENU, ids.PICK_ROW):
        app.action(pressed_row)(partial(parts.row_menu, filling=form))
    app.action(ids.REMOVE_ROW)(partial(parts.remove_row, filling=form))
    app.view(ids.ROW_FORM)(partial(parts.save_row, filling=form))
    app.action(ids.REMOVE_FILE)(partial(parts.remove_file, filling=form))
    app.action(ids.TAKE_FILE)(partial(parts.take_file, filling=form, nearby=launches.nearby))
    app.view(ids.TAKE_FORM)(partial(parts.took_file, filling=form, documents=launches.documents))


def _drafts(app: AsyncApp, kept: drafts.Drafts, form: filling.Filling) -> None:
    app.action(ids.EDIT_AND_RESUBMIT)(partial(filling.edit, filling=form))
    for closed in (ids.FILL_FORM, ids.REVIEW_FORM):
        app.view_closed(closed)(partial(drafts.closed, drafting=kept.drafting))

    app.action(ids.DRAFT_RESUME)(partial(drafts.resume, drafts=kept))
    app.action(ids.DRAFT_DELETE)(partial(drafts.delete, drafts=kept))
    app.action(ids.DRAFT_ADOPT)(partial(drafts.adopt, drafts=kept))
    app.action(ids.DRAFTS_ALL)(partial(drafts.see_all, drafts=kept))
    for other_screen in (ids.DRAFTS_NEWER, ids.DRAFTS_OLDER):
        app.action(other_screen)(partial(drafts.turned, drafts=kept))


def _uncertain(app: AsyncApp, launching: Launching) -> None:
    app.action(ids.IT_IS_THIS_ONE)(partial(decisions.this_one, launching=launching))
    app.action(ids.LAUNCH_AGAIN)(partial(decisions.again, launching=launching))


# Requests -----------------------------------------------------------------------------------------


def _requests(app: AsyncApp, desk: requests.Desk, listed: picker.Picker) -> None:
    app.shortcut(ids.REQUEST_SHORTCUT)(partial(requests.shortcut, desk=desk))
    app.shortcut(ids.MESSAGE_SHORTCUT)(partial(requests.from_message, desk=desk))
    app.action(ids.START_REQUEST)(partial(requests.start, desk=desk))
    app.view(ids.NEW_REQUEST)(partial(requests.submitted, desk=desk))
    app.action(ids.REVIEW)(partial(requests.review, desk=desk))
    app.action(ids.EDIT_REQUEST)(partial(requests.edit, desk=desk))
    app.view(ids.EDIT_REQUEST_FORM)(partial(requests.edited, desk=desk))
    app.action(ids.CANCEL_REQUEST)(partial(requests.cancel, desk=desk))
    app.view(ids.CANCEL_REQUEST_FORM)(partial(requests.cancelled, desk=desk))
    app.action(ids.LAUNCH_REQUEST)(partial(requests.launch, desk=desk, picker=listed))


def _lists(app: AsyncApp, desk: requests.Desk, asked: Requests) -> None:
    app.action(ids.SEE_LIST)(partial(lists.see, desk=desk, listing=asked.listing))
    app.view(ids.LIST_FORM)(partial(lists.search, listing=asked.listing))
    app.action(ids.LIST_FILTER)(partial(lists.narrow, desk=desk, listing=asked.listing))
    app.action(ids.LIST_NEXT)(partial(lists.narrow, desk=desk, listing=asked.listing))
    app.action(ids.LIST_FIRST)(partial(lists.narrow, desk=desk, listing=asked.listing))


def _policies(app: AsyncApp, desk: requests.Desk, asked: Requests, everywhere: Everywhere) -> None:
    rules, homes = asked.policies, everywhere.homes
    app.action(ids.OPEN_POLICY)(partial(policies.open_policy, desk=desk, policies=rules))
    app.action(ids.ADD_STAGE)(partial(policies.add_stage, desk=desk, policies=rules))
    app.action(ids.STAGE_MENU)(partial(policies.menu, desk=desk, policies=rules))
    app.view(ids.STAGE_FORM)(partial(policies.keep_stage, policies=rules))
    app.options(ids.GROUP_SEARCH)(partial(policies.search_groups, policies=rules))
    app.view(ids.POLICY_FORM)(partial(policies.enforce, policies=rules, homes=homes))
    app.action(ids.TRY_POLICY)(partial(policies.open_try, desk=desk, policies=rules))
    app.view(ids.TRY_FORM)(partial(policies.try_out, policies=rules))
    app.action(ids.BACK_TO_POLICY)(partial(policies.back, desk=desk, policies=rules))


def _intake(app: AsyncApp, desk: requests.Desk, asked: Requests, everywhere: Everywhere) -> None:
    rules, homes = asked.policies, everywhere.homes
    app.action(ids.OPEN_INTAKE)(partial(policies.open_intake, desk=desk, policies=rules))
    app.view(ids.INTAKE_FORM)(partial(policies.save_intake, policies=rules, homes=homes))
    app.action(ids.ADD_FIELD)(partial(policies.add_field, desk=desk, policies=rules))
    app.view(ids.FIELD_FORM)(partial(policies.keep_field, policies=rules))
    app.action(ids.REMOVE_FIELD)(partial(policies.remove_field, desk=desk, policies=rules))


def _reminders(app: AsyncApp, desk: requests.Desk, asked: Requests, everywhere: Everywhere) -> None:
    absences, homes = asked.absences, everywhere.homes
    app.action(ids.OPEN_REMINDERS)(partial(reminders.open_rules, desk=desk, policies=asked.policies))
    app.view(ids.REMINDERS_FORM)(partial(reminders.save_rules, policies=asked.policies, homes=homes))
    app.action(ids.SNOOZE)(partial(reminders.snooze, desk=desk, nudging=asked.nudging))
    app.action(ids.OPEN_AWAY)(partial(reminders.open_away, desk=desk, absences=absences))
    app.view(ids.AWAY_FORM)(partial(reminders.leave, absences=absences, homes=homes))
    app.action(ids.BACK_AGAIN)(partial(reminders.back, desk=desk, absences=absences, homes=homes))


def _approvals(app: AsyncApp, desk: requests.Desk, asked: Requests) -> None:
    app.action(ids.APPROVE)(partial(approvals.approve, desk=desk, announcer=asked.announcer))
    app.action(ids.REJECT)(partial(approvals.open_reject, desk=desk))
    app.view(ids.REJECT_FORM)(partial(approvals.reject, desk=desk))
    app.action(ids.ASK_CHANGES)(partial(approvals.open_changes, desk=desk))
    app.view(ids.CHANGES_FORM)(partial(approvals.ask_changes, desk=desk))
    app.action(ids.HAND_ON)(partial(approvals.open_hand_on, desk=desk))
    app.view(ids.HAND_ON_FORM)(partial(approvals.hand_on, desk=desk))


# Home and what admins do from there ---------------------------------------------------------------


def _home(app: AsyncApp, everywhere: Everywhere, launches: Launches, connections: Connections) -> None:
    homes, versions = everywhere.homes, launches.versions
    app.event("app_home_opened")(partial(home.opened, homes=homes))
    app.action(ids.FORGET)(partial(home.forget, overseeing=everywhere.overseeing, homes=homes))
    app.action(ids.TEMPLATE_CHANGES)(partial(templates.show, api=everywhere.api, versions=versions))
    app.view(ids.CHANGES_SEEN)(partial(templates.seen, versions=versions, homes=homes))
    app.action(ids.PICK_LANGUAGE)(partial(home.pick_language, languages=everywhere.languages, homes=homes))
    app.action(ids.PICK_CHANNEL)(partial(home.pick_channel, connecting=connections.connecting, homes=homes))


def _systems(app: AsyncApp, desk: other_systems.Desk) -> None:
    app.action(ids.OPEN_SYSTEMS)(partial(other_systems.opened, desk=desk))
    app.action(ids.NEW_KEY)(partial(other_systems.ask_key, desk=desk))
    app.view(ids.KEY_FORM)(partial(other_systems.make_key, desk=desk))
    app.action(ids.REVOKE_KEY)(partial(other_systems.revoke_key, desk=desk))
    app.action(ids.NEW_HOOK)(partial(other_systems.ask_hook, desk=desk))
    app.view(ids.HOOK_FORM)(partial(other_systems.set_hook, desk=desk))
    app.action(ids.TEST_HOOK)(partial(other_systems.test_hook, desk=desk))
    app.action(ids.ENABLE_HOOK)(partial(other_systems.enable_hook, desk=desk))
    app.action(ids.REMOVE_HOOK)(partial(other_systems.remove_hook, desk=desk))


def _mapping(app: AsyncApp, desk: mapping.Desk) -> None:
    app.action(ids.OPEN_MAPPING)(partial(mapping.opened, desk=desk))
    app.options(ids.MAPPING_TEMPLATE)(partial(mapping.search_templates, desk=desk))
    app.action(ids.MAPPING_TEMPLATE)(partial(mapping.pick_template, desk=desk))
    app.action(ids.MAPPING_PAGE)(partial(mapping.turn_page, desk=desk))
    app.action(ids.MAPPING_PAGE_ON)(partial(mapping.turn_page, desk=desk))
    app.action(ids.MAPPING_BACK)(partial(mapping.back, desk=desk))
    app.action(ids.MAPPING_FIELD)(partial(mapping.edit_field, desk=desk))
    app.action(ids.MAPPING_SOURCE)(partial(mapping.choose, desk=desk))
    app.action(ids.MAPPING_WAY)(partial(mapping.choose, desk=desk))
    app.view(ids.MAPPING_SAVE)(partial(mapping.save_field, desk=desk))
    app.action(ids.MAPPING_DROP)(partial(mapping.drop_field, desk=desk))
    app.action(ids.MAPPING_SUGGEST)(partial(mapping.suggest, desk=desk))
    app.view(ids.MAPPING_ACCEPT)(partial(mapping.accept, desk=desk))
    app.action(ids.MAPPING_PREVIEW)(partial(mapping.preview, desk=desk))
    app.action(ids.MAPPING_REQUEST)(partial(mapping.preview, desk=desk))
    app.options(ids.MAPPING_REQUEST)(partial(mapping.search_requests, desk=desk))
    app.action(ids.MAPPING_TAKE_OVER)(partial(mapping.take_over, desk=desk))
    app.view(ids.MAPPING_TAKE_IN)(partial(mapping.take_in, desk=desk))
    app.action(ids.MAPPING_UNDO)(partial(mapping.undo, desk=desk))
    app.action(ids.MAPPING_MENU)(partial(mapping.menu, desk=desk))
    app.action(ids.MAPPING_RESTORE)(partial(mapping.restore, desk=desk))


def _identities(app: AsyncApp, desk: identities.Desk) -> None:
    app.action(ids.CLAIM)(partial(identities.claim, desk=desk))
    app.action(ids.HAND_OVER)(partial(identities.hand_over, desk=desk))
    app.action(ids.OPEN_PEOPLE)(partial(identities.opened, desk=desk))
    app.options(ids.FIND_ACCOUNT)(partial(identities.search_accounts, desk=desk))
    app.action(ids.FIND_PERSON)(partial(identities.found, desk=desk))
    app.action(ids.FIND_ACCOUNT)(partial(identities.found, desk=desk))
    app.action(ids.CONFIRM_CLAIM)(partial(identities.confirm, desk=desk))
    app.action(ids.UNLINK)(partial(identities.unlink, desk=desk))
    app.action(ids.LINK_PERSON)(partial(identities.ask_link, desk=desk))
    app.view(ids.LINK_FORM)(partial(identities.link, desk=desk))
    app.action(ids.LINK_MANY)(partial(identities.ask_many, desk=desk))
    app.view(ids.LINK_MANY_FORM)(partial(identities.link_many, desk=desk))


def _connections(app: AsyncApp, desk: connect.Desk, topic: Connections) -> None:
    app.action(ids.OPEN_CONNECT)(partial(connect.open_connect, desk=desk))
    app.action(ids.GRANT)(partial(connect.grant_chosen, desk=desk))
    app.view(ids.CONNECT)(partial(connect.connect, desk=desk))
    app.action(ids.SEND_LINK_AGAIN)(partial(connect.send_again, desk=desk))
    app.action(ids.OPEN_REVIEW)(partial(connect.open_review, desk=desk))
    app.view(ids.REVIEW_CONNECTION)(partial(connect.review, desk=desk))
    app.action(ids.MANAGE_CONNECTION)(partial(connect.manage, desk=desk))
    app.action(ids.CHANGE_CONNECTION)(partial(connect.change, desk=desk))
    app.action(ids.PUT_IN_USE)(partial(connect.put_in_use, desk=desk))
    app.action(ids.DISCONNECT)(partial(connect.disconnect, desk=desk))
    app.action(ids.CHECK_CONNECTION)(partial(connect.check, desk=desk, checking=topic.checking))
    app.action(ids.OPEN_NEW_SECRET)(partial(connect.open_new_secret, desk=desk))
    app.view(ids.NEW_SECRET)(partial(connect.new_secret, desk=desk, alarms=topic.alarms))
    app.action(ids.RECONNECT)(partial(connect.reconnect, desk=desk))
    app.action(ids.SIGN_IN)(partial(connect.sign_in, desk=desk))
    app.action(ids.SIGN_OUT)(partial(connect.sign_out, desk=desk))


def _audit(app: AsyncApp, everywhere: Everywhere, topic: Administration) -> None:
    api, auditing = everywhere.api, topic.auditing
    app.action(ids.OPEN_AUDIT)(partial(administration.open_audit, api=api, auditing=auditing))
    changing = partial(administration.change_audit, api=api, auditing=auditing)
    app.action(ids.AUDIT_TOPIC)(changing)
    app.action(ids.AUDIT_PERSON)(changing)
    app.action(ids.AUDIT_ANYBODY)(changing)
    app.action(ids.AUDIT_PERIOD)(changing)
    app.action(ids.AUDIT_NEWER)(changing)
    app.action(ids.AUDIT_OLDER)(changing)
    exporting = partial(administration.export_audit, api=api, auditing=auditing)
    app.action(ids.AUDIT_CSV)(exporting)
    app.action(ids.AUDIT_JSONL)(exporting)
    app.action(ids.OPEN_ADMINS)(partial(administration.open_admins, api=api, admins=topic.admins))
    app.view(ids.ADMINS_FORM)(
        partial(administration.name_admins, admins=topic.admins, homes=everywhere.homes)
    )


def _defaults(app: AsyncApp, desk: defaults.Desk) -> None:
    app.action(ids.OPEN_DEFAULTS)(partial(defaults.opened, desk=desk))
    app.options(ids.CURRENCY_SEARCH)(defaults.search_currencies)
    app.options(ids.ZONE_SEARCH)(defaults.search_zones)
    app.view(ids.DEFAULTS_FORM)(partial(defaults.chosen, desk=desk))
    app.action(ids.OPEN_CHANNELS)(partial(defaults.open_channels, desk=desk))
    app.view(ids.CHANNELS_FORM)(partial(defaults.channels_chosen, desk=desk))


def _offers(app: AsyncApp, desk: offers.Desk) -> None:
    app.action(ids.OPEN_OFFERS)(partial(offers.opened, desk=desk))
    app.options(ids.OFFERS_TEMPLATE)(partial(offers.search_templates, desk=desk))
    for leads_to_one in (ids.OFFERS_TEMPLATE, ids.EDIT_OFFER):
        app.action(leads_to_one)(partial(offers.edit, desk=desk))
    app.options(ids.OFFER_GROUPS)(partial(offers.search_groups, desk=desk))
    app.view(ids.OFFER_FORM)(partial(offers.saved, desk=desk))


def _upkeep(app: AsyncApp, desk: upkeep.Desk) -> None:
    app.action(ids.TRY_MAIL)(partial(upkeep.try_mail, desk=desk))
    app.action(ids.OPEN_DELETE)(partial(upkeep.open_delete, desk=desk))
    app.view(ids.DELETE_FORM)(partial(upkeep.delete, desk=desk))


def _installs(app: AsyncApp, topic: Connections) -> None:
    installing, tokens = topic.installing, topic.tokens
    app.event("app_uninstalled")(partial(installs.uninstalled, installing=installing, tokens=tokens))
    app.event("tokens_revoked")(partial(installs.revoked, installing=installing, tokens=tokens))


async def done(ack: object) -> None:
    """A link was opened or a list closed: there is nothing to do but say so."""
    await ack()  # type: ignore[operator]
