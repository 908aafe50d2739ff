// SPDX-License-Identifier: Apache-2.0
// Every sentence a person can read, in one place. A translation is another value of type `Texts`;
// `textsFor` is where it would be chosen.
import type { DeviceFailure, DeviceKind, OpenFailure, Refusal } from '@stillroom/client';

export interface Texts {
  readonly lang: string;
  readonly product: string;
  readonly lobby: {
    readonly hello: (name: string) => string;
    readonly helloNobody: string;
    readonly when: (day: string, time: string, minutes: number) => string;
    readonly lead: string;
    readonly camera: string;
    readonly microphone: string;
    readonly browserChoice: string;
    readonly nameless: (kind: DeviceKind, index: number) => string;
    readonly level: string;
    readonly join: string;
    readonly privacy: string;
    readonly cameraOff: string;
    readonly cameraStarting: string;
    readonly opening: string;
  };
  readonly controls: {
    readonly label: string;
    readonly mute: string;
    readonly unmute: string;
    readonly cameraOn: string;
    readonly cameraOff: string;
    readonly share: string;
    readonly stopShare: string;
    readonly devices: string;
    readonly leave: string;
    readonly end: string;
    readonly retry: string;
    readonly play: string;
    readonly close: string;
  };
  readonly people: {
    readonly you: string;
    readonly nameless: string;
    readonly picture: (name: string) => string;
    readonly ownPicture: string;
    readonly cameraOff: (name: string) => string;
    readonly cameraAndMicrophoneOff: (name: string) => string;
    readonly muted: (name: string) => string;
    readonly shares: (name: string) => string;
    readonly youShare: string;
  };
  readonly status: {
    readonly joining: string;
    readonly unreachable: string;
    readonly waiting: string;
    readonly together: string;
    readonly waitingLead: string;
    readonly left: (names: readonly string[]) => string;
    readonly leftLead: string;
    readonly connecting: (name: string) => string;
    readonly connected: string;
    readonly connectedWithout: (names: readonly string[]) => string;
    readonly weak: string;
    readonly interrupted: (name: string) => string;
    readonly failed: (name: string) => string;
    readonly away: (name: string) => string;
    readonly reconnecting: string;
    readonly reconnectingMediaOn: string;
    readonly elapsed: string;
  };
  readonly notice: {
    readonly device: Record<DeviceKind, Record<DeviceFailure, string>>;
    readonly share: Partial<Record<DeviceFailure, string>>;
    readonly autoplay: string;
    readonly callError: Readonly<Record<string, string>>;
    readonly callErrorOther: string;
  };
  readonly refusal: Record<Refusal, string>;
  readonly open: Record<OpenFailure, string>;
  readonly revoked: Readonly<Record<string, string>>;
  readonly revokedOther: string;
  readonly over: {
    readonly refusedTitle: string;
    readonly openTitle: string;
    readonly leftTitle: string;
    readonly left: string;
    readonly endedTitle: string;
    readonly ended: (minutes: number) => string;
    readonly revokedTitle: string;
    readonly again: string;
    readonly tryAgain: string;
    readonly closePage: string;
    readonly loggedOut: string;
    readonly logIn: string;
    readonly home: string;
  };
  readonly endDialog: {
    readonly title: string;
    readonly lead: string;
    readonly confirm: string;
    readonly cancel: string;
  };
}

const plural = new Intl.PluralRules('en');
const list = new Intl.ListFormat('en');
const minutesOf = (count: number): string =>
  plural.select(count) === 'one' ? `${count} minute` : `${count} minutes`;

export const english: Texts = {
  lang: 'en',
  product: 'Stillroom',
  lobby: {
    hello: (name) => `Hello, ${name}`,
    helloNobody: 'Welcome',
    when: (day, time, minutes) => `${day} at ${time}, ${minutesOf(minutes)}`,
    lead: 'See how you look and sound. Nobody sees or hears you before you join.',
    camera: 'Camera',
    microphone: 'Microphone',
    browserChoice: 'Chosen by the browser',
    nameless: (kind, index) => (kind === 'camera' ? `Camera ${index}` : `Microphone ${index}`),
    level: 'Microphone level',
    join: 'Join the session',
    privacy: 'Picture and sound are encrypted from browser to browser. Nothing is recorded.',
    cameraOff: 'Your camera is off',
    cameraStarting: 'Starting your camera…',
    opening: 'Opening your session…',
  },
  controls: {
    label: 'Call controls',
    mute: 'Mute',
    unmute: 'Unmute',
    cameraOn: 'Camera on',
    cameraOff: 'Camera off',
    share: 'Share',
    stopShare: 'Stop sharing',
    devices: 'Devices',
    leave: 'Leave',
    end: 'End',
    retry: 'Try again',
    play: 'Turn sound on',
    close: 'Done',
  },
  people: {
    you: 'You',
    nameless: 'The other person',
    picture: (name) => `Picture of ${name}`,
    ownPicture: 'Your own picture',
    cameraOff: (name) => `${name}’s camera is off. You can still talk.`,
    cameraAndMicrophoneOff: (name) => `${name}’s camera and microphone are off.`,
    muted: (name) => `${name} is muted`,
    shares: (name) => `${name} is sharing a screen`,
    youShare: 'You are sharing your screen',
  },
  status: {
    joining: 'Joining the room…',
    unreachable: 'The server does not answer. Trying again…',
    waiting: 'Waiting for the other person',
    together: 'In the session',
    waitingLead: 'You are in the room. They appear here as soon as they arrive.',
    left: (names) => `${list.format(names)} left. You are still in the room.`,
    leftLead: 'If they come back, they appear here.',
    connecting: (name) => `Connecting to ${name}…`,
    connected: 'Connected',
    connectedWithout: (names) => `Connected. ${list.format(names)} left.`,
    weak: 'Connected, but the line is weak',
    interrupted: (name) => `The line to ${name} is interrupted. Waiting for it to come back…`,
    failed: (name) => `The line to ${name} is lost. Trying another way…`,
    away: (name) => `Waiting for ${name} to come back into the room…`,
    reconnecting: 'The connection to the room is lost. Returning…',
    reconnectingMediaOn: 'Your call goes on. Returning to the room in the background…',
    elapsed: 'Time in session',
  },
  notice: {
    device: {
      microphone: {
        denied:
          'The browser does not let this page use your microphone. Allow it beside the address, then try again. You can join without it and still listen.',
        absent: 'No microphone was found. Plug one in, or join and only listen.',
        busy: 'Another program is using your microphone. Close it there, then try again.',
        lost: 'Your microphone was disconnected. Plug it in again or choose another one.',
        insecure: 'Browsers allow microphones on secure pages only. Open the link with https.',
        failed: 'Your microphone did not start. Try again or choose another one.',
      },
      camera: {
        denied:
          'The browser does not let this page use your camera. Allow it beside the address, then try again. You can join with sound only.',
        absent: 'No camera was found. Plug one in, or join with sound only.',
        busy: 'Another program is using your camera. Close it there, then try again.',
        lost: 'Your camera was disconnected. Plug it in again or choose another one.',
        insecure: 'Browsers allow cameras on secure pages only. Open the link with https.',
        failed: 'Your camera did not start. Try again or choose another one.',
      },
    },
    share: {
      absent: 'There is no screen to share.',
      busy: 'The screen could not be shared. Try again.',
      failed: 'The screen could not be shared. Try again.',
    },
    autoplay: 'The browser holds the sound back until you allow it.',
    callError: {
      'Call not started': 'The session has not started yet: nobody else has come.',
      'Only the therapist can end the call': 'Only the therapist can end the session.',
      'Not in this room': 'You are not in this room any more. Leave and join again.',
      'Failed to end call': 'The session could not be ended. Try again.',
      'Failed to start call': 'The session could not be started. Try again.',
    },
    callErrorOther: 'That did not work. Try again.',
  },
  refusal: {
    not_found: 'There is no such session, or it is not yours. Check the link you were sent.',
    not_yours: 'There is no such session, or it is not yours. Check the link you were sent.',
    cancelled: 'This session was cancelled or declined. Your practice can offer a new time.',
    unpaid: 'The payment for this session is still open. You can join once it is confirmed.',
    wrong_room: 'This link belongs to another room. Ask for a new link.',
    join_failed: 'The room did not open. Wait a moment, then try again.',
    too_early: 'The room is not open yet. It opens shortly before the session.',
    session_ended: 'This session is over.',
    room_full: 'The room is full. If that is unexpected, ask your therapist.',
    room_locked: 'The room is locked. Ask your therapist to open it, then try again.',
    entry_denied: 'Your therapist did not let you in. You can ask them, then try again.',
    token_missing: 'This page was opened without a valid link. Open the link you were sent.',
    token_invalid: 'This link does not let you in. Ask for a new one.',
    token_expired: 'Your link has run out. Ask for a new one.',
    user_unknown: 'This link does not let you in. Ask for a new one.',
    user_inactive: 'Your access is not active. Ask your practice.',
    rate_limited: 'Too many attempts in a short time. Wait a minute, then try again.',
    link_invalid: 'This link was used already or has run out. Ask for a new one.',
    unreachable: 'The server does not answer. Check your connection, then try again.',
    unknown: 'The room did not let you in. Try again, or ask for a new link.',
  },
  open: {
    link_missing: 'Open the link you were sent: it brings you into your session.',
    link_invalid: 'This link was used already or has run out. Ask for a new one.',
    rate_limited: 'Too many attempts in a short time. Wait a minute, then try again.',
    unreachable: 'The server does not answer. Check your connection, then try again.',
  },
  revoked: {
    cancelled: 'This session was cancelled.',
    unpaid: 'The payment for this session is open again. Ask your practice.',
    not_yours: 'Your place in this session was withdrawn. Ask your practice.',
    replaced: 'You joined from another window or device. The session goes on there.',
    removed: 'Your therapist has closed your place in this session.',
    session_cancelled: 'This session was cancelled.',
    user_inactive: 'Your access was ended. Ask your practice.',
    role_changed: 'Your access has changed. Ask for a new link.',
    token_revoked: 'Your access was ended. Ask for a new link.',
  },
  revokedOther: 'Your access to this session has ended. Ask for a new link if that is unexpected.',
  over: {
    refusedTitle: 'You cannot join just now',
    openTitle: 'Your session could not be opened',
    leftTitle: 'You left the session',
    left: 'Your camera and microphone are off. The session goes on until your therapist ends it.',
    endedTitle: 'The session has ended',
    ended: (minutes) =>
      minutes > 0 ? `It lasted ${minutesOf(minutes)}. Take care.` : 'Take care.',
    revokedTitle: 'You are no longer in the session',
    again: 'Return to the session',
    tryAgain: 'Try again',
    closePage: 'You can close this page.',
    loggedOut: 'Your log-in has ended. Log in again to return.',
    logIn: 'Log in',
    home: 'To your sessions',
  },
  endDialog: {
    title: 'End the session for everyone?',
    lead: 'Nobody can come back into it afterwards. To step out for a moment, choose Leave.',
    confirm: 'End the session',
    cancel: 'Go on',
  },
};

/** The seam for translations: pick by the browser's languages, in order. */
export function textsFor(_languages: readonly string[]): Texts {
  return english;
}
