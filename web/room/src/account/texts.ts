// SPDX-License-Identifier: Apache-2.0
// Every sentence of the account pages. A translation is another value of the type `AccountTexts`.
import { createContext, use } from 'react';

export interface AccountTexts {
  readonly lang: string;
  readonly wait: string;
  readonly again: string;
  readonly close: string;
  readonly cancel: string;
  readonly copy: string;
  readonly copied: string;
  readonly problem: Readonly<Record<string, string>>;
  readonly problemOther: string;
  readonly limited: (seconds: number) => string;
  readonly password: {
    readonly label: string;
    readonly show: string;
    readonly hide: string;
  };
  readonly setUp: {
    readonly title: (name: string) => string;
    readonly lead: string;
    readonly opening: string;
    readonly name: string;
    readonly passwordRule: (characters: number) => string;
    readonly factorTitle: string;
    readonly factorNeeded: string;
    readonly factorOptional: string;
    readonly factorAdd: string;
    readonly scan: string;
    readonly qr: string;
    readonly openApp: string;
    readonly typeIt: string;
    readonly code: string;
    readonly codeHint: string;
    readonly submit: string;
    readonly failedTitle: string;
    readonly missing: string;
    readonly invalid: string;
  };
  readonly codes: {
    readonly title: string;
    readonly lead: string;
    readonly download: string;
    readonly print: string;
    readonly file: (name: string) => string;
    readonly kept: string;
    readonly goOn: string;
  };
  readonly logIn: {
    readonly title: string;
    readonly name: string;
    readonly code: string;
    readonly codeHint: string;
    readonly submit: string;
    readonly waitFor: (seconds: number) => string;
    readonly help: string;
    readonly notice: Readonly<Record<'idle' | 'out' | 'set-up' | 'set-up-code' | 'over', string>>;
  };
  readonly home: {
    readonly title: string;
    readonly hello: (name: string) => string;
    readonly sections: string;
    readonly sessions: string;
    readonly people: string;
    readonly logOut: string;
    readonly refresh: string;
    readonly none: string;
    readonly noneStaff: string;
    readonly past: string;
    readonly more: string;
    readonly today: string;
    readonly tomorrow: string;
    readonly with: (names: readonly string[]) => string;
    /** For an administrator, who takes no part in it. */
    readonly of: (names: readonly string[]) => string;
    readonly alone: string;
    readonly minutes: (count: number) => string;
    readonly join: string;
    readonly opens: (time: string) => string;
    readonly state: Readonly<Record<string, string>>;
    readonly unpaid: string;
    readonly manage: string;
    readonly change: string;
    readonly cancel: string;
    readonly link: (name: string) => string;
  };
  readonly plan: {
    readonly open: string;
    readonly titleNew: string;
    readonly titleChange: string;
    readonly client: (index: number) => string;
    readonly clientHint: string;
    readonly choose: string;
    readonly addClient: string;
    readonly therapist: string;
    readonly start: string;
    readonly zone: (zone: string) => string;
    readonly minutes: string;
    readonly submitNew: string;
    readonly submitChange: string;
    readonly done: string;
    readonly changed: string;
    readonly cancelTitle: string;
    readonly cancelLead: string;
    readonly cancelConfirm: string;
    readonly cancelKeep: string;
    readonly cancelled: string;
  };
  readonly link: {
    readonly title: (name: string) => string;
    readonly lead: (until: string) => string;
    readonly label: string;
  };
  readonly people: {
    readonly title: string;
    readonly lead: string;
    readonly add: string;
    readonly id: string;
    readonly idHint: string;
    readonly name: string;
    readonly role: string;
    readonly roles: Readonly<Record<'client' | 'therapist' | 'admin', string>>;
    readonly otherRole: string;
    readonly inactive: string;
    readonly invite: string;
    readonly disable: string;
    readonly enable: string;
    readonly added: (name: string) => string;
    readonly changed: string;
    readonly change: string;
    readonly changeTitle: (name: string) => string;
    readonly roleHint: string;
    readonly submitChange: string;
    readonly inviteTitle: (name: string) => string;
    readonly inviteLead: (until: string) => string;
    readonly inviteLabel: string;
    readonly disableTitle: (name: string) => string;
    readonly disableLead: string;
  };
}

const list = new Intl.ListFormat('en');
const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

export const english: AccountTexts = {
  lang: 'en',
  wait: 'One moment…',
  again: 'Try again',
  close: 'Done',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  problem: {
    unreachable: 'The server does not answer. Check your connection, then try again.',
    unavailable: 'The server is busy just now. Wait a moment, then try again.',
    log_in_failed: 'Name, password or code is wrong.',
    password_refused: 'The password needs 12 characters or more.',
    code_wrong: 'The code is wrong. Enter the one that your authenticator shows now.',
    second_factor_needed: 'A code of your authenticator is needed.',
    invalid: 'Something in the form is not possible. Check what you entered.',
    malformed: 'Something in the form is missing. Check what you entered.',
    participant_unfit: 'Somebody named here cannot take part: check names and roles.',
    session_over: 'This session is over already.',
    status_refused: 'This session can no longer be changed like that.',
    user_exists: 'Somebody has this log-in name already.',
    not_found: 'That is not there any more.',
    not_yours: 'This session is not yours.',
    forbidden: 'You may not do that.',
    conflict: 'Something changed meanwhile. Try again.',
  },
  problemOther: 'That did not work. Try again.',
  limited: (seconds) =>
    `Too many attempts in a short time. You can try again in ${counted(seconds, 'second', 'seconds')}.`,
  password: { label: 'Password', show: 'Show', hide: 'Hide' },
  setUp: {
    title: (name) => `Welcome, ${name}`,
    lead: 'Set up your account. It takes about two minutes, and only once.',
    opening: 'Opening your invitation…',
    name: 'Your log-in name',
    passwordRule: (characters) =>
      `${characters} characters or more. A few words in a row are easy to remember.`,
    factorTitle: 'Second factor',
    factorNeeded:
      'Besides your password you need a code from an authenticator app on your phone whenever you log in.',
    factorOptional:
      'With a code from an authenticator app, nobody gets in who has only your password.',
    factorAdd: 'Add a second factor (recommended)',
    scan: 'Scan this with your authenticator app:',
    qr: 'QR code with the key for your authenticator app',
    openApp: 'Open the authenticator on this device',
    typeIt: 'Or type this key into the app:',
    code: 'Code from the app',
    codeHint: 'The six digits that the app shows now.',
    submit: 'Set up the account',
    failedTitle: 'This invitation cannot be opened',
    missing:
      'If you have set up your account, log in. Otherwise open the invitation that you were sent.',
    invalid:
      'It was used already, or has run out. If you have set up your account, log in. Otherwise ask your practice for a new one.',
  },
  codes: {
    title: 'Keep your recovery codes',
    lead: 'If you lose your phone, each of these codes lets you in once. They are shown this once only. Keep them where nobody else can read them.',
    download: 'Download',
    print: 'Print',
    file: (name) => `Recovery codes of ${name}. Each works once.`,
    kept: 'I have kept them',
    goOn: 'Go on',
  },
  logIn: {
    title: 'Log in',
    name: 'Log-in name',
    code: 'Code from your authenticator, or a recovery code',
    codeHint: 'Leave it empty if you have set up none.',
    submit: 'Log in',
    waitFor: (seconds) => `Wait ${counted(seconds, 'second', 'seconds')}`,
    help: 'No account? Open the link that your practice has sent you. Forgotten the password? Ask for a new invitation.',
    notice: {
      idle: 'You were logged out, as nothing happened for a while.',
      out: 'You are logged out.',
      over: 'Your log-in has ended. Log in again.',
      'set-up': 'Your account is set up. Log in with your new password.',
      'set-up-code':
        'Your account is set up. Log in with your new password and the next code that your authenticator shows.',
    },
  },
  home: {
    title: 'Your sessions',
    hello: (name) => `Hello, ${name}`,
    sections: 'Sections',
    sessions: 'Sessions',
    people: 'People',
    logOut: 'Log out',
    refresh: 'Refresh',
    none: 'No session is planned. Your practice tells you when there is one.',
    noneStaff: 'No session is planned.',
    past: 'Earlier sessions',
    more: 'Show more',
    today: 'Today',
    tomorrow: 'Tomorrow',
    with: (names) => `With ${list.format(names)}`,
    of: (names) => list.format(names),
    alone: 'Session',
    minutes: (count) => counted(count, 'minute', 'minutes'),
    join: 'Join',
    opens: (time) => `The room opens at ${time}`,
    state: {
      pending: 'Not confirmed yet',
      approved: 'Not confirmed yet',
      'in-progress': 'Going on now',
      completed: 'Took place',
      cancelled: 'Cancelled',
      declined: 'Declined',
      'no-show': 'Did not take place',
      confirmed: '',
    },
    unpaid: 'Payment is open',
    manage: 'Manage',
    change: 'Change',
    cancel: 'Cancel session',
    link: (name) => `Link for ${name}`,
  },
  plan: {
    open: 'Plan a session',
    titleNew: 'Plan a session',
    titleChange: 'Change the session',
    client: (index) => (index === 0 ? 'Client' : `Client ${index + 1}`),
    clientHint: 'The log-in name of somebody whom the practice has added.',
    choose: 'Choose…',
    addClient: 'One more client',
    therapist: 'Therapist',
    start: 'Start',
    zone: (zone) => `In your time: ${zone}`,
    minutes: 'Minutes',
    submitNew: 'Plan it',
    submitChange: 'Change it',
    done: 'The session is planned.',
    changed: 'The session is changed.',
    cancelTitle: 'Cancel this session?',
    cancelLead: 'It stays in the list as cancelled, and nobody can join it. That cannot be undone.',
    cancelConfirm: 'Cancel the session',
    cancelKeep: 'Keep it',
    cancelled: 'The session is cancelled.',
  },
  link: {
    title: (name) => `Link for ${name}`,
    lead: (until) =>
      `It leads into this session without an account, works once, and until ${until}. Send it to nobody else.`,
    label: 'Link',
  },
  people: {
    title: 'People',
    lead: 'Clients need no account: a link is enough. Staff need an invitation.',
    add: 'Add somebody',
    id: 'Log-in name',
    idHint: 'Letters, digits and ._@:+~=|- without blanks. It stays as it is.',
    name: 'Name',
    role: 'Role',
    roles: { client: 'Client', therapist: 'Therapist', admin: 'Administrator' },
    otherRole: 'Other',
    inactive: 'Disabled',
    invite: 'Invite',
    disable: 'Disable',
    enable: 'Enable',
    added: (name) => `${name} is added.`,
    changed: 'It is changed.',
    change: 'Change',
    changeTitle: (name) => `Change ${name}`,
    roleHint: 'Another role ends what they are logged in to.',
    submitChange: 'Change it',
    inviteTitle: (name) => `Invitation for ${name}`,
    inviteLead: (until) =>
      `With it they set a password, and a second factor. It works once, and until ${until}. A password that they have is replaced by it.`,
    inviteLabel: 'Invitation',
    disableTitle: (name) => `Disable ${name}?`,
    disableLead:
      'They are out of running calls at once, and cannot log in until you enable them again.',
  },
};

/** The seam for translations: pick by the browser's languages, in order. */
export function textsFor(_languages: readonly string[]): AccountTexts {
  return english;
}

export const AccountTextsContext = createContext<AccountTexts>(english);

export function useAccountTexts(): AccountTexts {
  return use(AccountTextsContext);
}

/** The server's cause in our words; a cause that is new to us in its own. */
export function sentenceOf(
  problem: { readonly code: string; readonly error: string; readonly retryAfter: number },
  texts: AccountTexts,
): string {
  if (problem.code === 'rate_limited') return texts.limited(Math.max(1, problem.retryAfter));
  return texts.problem[problem.code] ?? (problem.error ? `${problem.error}.` : texts.problemOther);
}
