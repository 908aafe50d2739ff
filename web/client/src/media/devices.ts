// SPDX-License-Identifier: Apache-2.0
// Camera and microphone, with each way to fail told apart.

export type DeviceKind = 'microphone' | 'camera';

export const DEVICE_FAILURES = ['denied', 'absent', 'busy', 'lost', 'insecure', 'failed'] as const;
export type DeviceFailure = (typeof DEVICE_FAILURES)[number];

export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface DeviceList {
  readonly microphone: readonly Device[];
  readonly camera: readonly Device[];
}

/** An empty choice means "whatever the browser prefers". */
export type DeviceChoice = Readonly<Record<DeviceKind, string>>;

const FRAME_WIDTH = 1280;
const FRAME_HEIGHT = 720;
const FRAMES_PER_SECOND_MAX = 30;

/** The names are those of Media Capture and Streams §10.2 (getUserMedia, step 6). */
export function failureOf(error: unknown): DeviceFailure {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
      return 'denied';
    case 'SecurityError':
      return 'insecure';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

function constraintsOf(kind: DeviceKind, id: string): MediaTrackConstraints {
  const chosen = id ? { deviceId: { exact: id } } : {};
  if (kind === 'microphone') return { ...chosen, echoCancellation: true, noiseSuppression: true };
  return {
    ...chosen,
    ...(id ? {} : { facingMode: 'user' }),
    width: { ideal: FRAME_WIDTH },
    height: { ideal: FRAME_HEIGHT },
    frameRate: { max: FRAMES_PER_SECOND_MAX },
  };
}

export type Opened = MediaStreamTrack | DeviceFailure;

async function ask(kinds: readonly DeviceKind[], choice: DeviceChoice): Promise<MediaStream> {
  const wanted: MediaStreamConstraints = {};
  if (kinds.includes('microphone')) {
    wanted.audio = constraintsOf('microphone', choice.microphone);
  }
  if (kinds.includes('camera')) wanted.video = constraintsOf('camera', choice.camera);
  return navigator.mediaDevices.getUserMedia(wanted);
}

/** One device. A choice that is gone falls back to the browser's preference. */
export async function openDevice(kind: DeviceKind, choice: DeviceChoice): Promise<Opened> {
  if (!hasMediaDevices()) return 'insecure';
  try {
    const stream = await ask([kind], choice);
    return stream.getTracks()[0] ?? 'absent';
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== 'absent' || choice[kind] === '') return failure;
    return openDevice(kind, { ...choice, [kind]: '' });
  }
}

/**
 * Both at once, so that the person is asked once. A failure of the pair does not say which of the
 * two it was: then each is asked for alone.
 */
export async function openBoth(choice: DeviceChoice): Promise<Record<DeviceKind, Opened>> {
  if (!hasMediaDevices()) return { microphone: 'insecure', camera: 'insecure' };
  try {
    const stream = await ask(['microphone', 'camera'], choice);
    return {
      microphone: stream.getAudioTracks()[0] ?? 'absent',
      camera: stream.getVideoTracks()[0] ?? 'absent',
    };
  } catch {
    const microphone = await openDevice('microphone', choice);
    return { microphone, camera: await openDevice('camera', choice) };
  }
}

/** Labels and ids are empty until one permission was given. */
export async function listDevices(): Promise<DeviceList> {
  if (!hasMediaDevices()) return { microphone: [], camera: [] };
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const of = (kind: MediaDeviceKind): readonly Device[] =>
    all
      .filter((info) => info.kind === kind && info.deviceId !== '')
      .map((info) => ({ id: info.deviceId, label: info.label }));
  return { microphone: of('audioinput'), camera: of('videoinput') };
}

export function canShareScreen(): boolean {
  return hasMediaDevices() && 'getDisplayMedia' in navigator.mediaDevices;
}

/** On plain HTTP away from loopback browsers leave `mediaDevices` out altogether. */
export function hasMediaDevices(): boolean {
  return typeof navigator !== 'undefined' && navigator.mediaDevices !== undefined;
}
