// SPDX-License-Identifier: Apache-2.0
// What we send: microphone, camera and, in the camera's place, a shared screen.
import { Emitter } from '../emitter.ts';
import {
  canShareScreen,
  type DeviceChoice,
  type DeviceFailure,
  type DeviceKind,
  type DeviceList,
  failureOf,
  listDevices,
  type Opened,
  openBoth,
  openDevice,
} from './devices.ts';

export type DeviceState = 'off' | 'starting' | 'on' | DeviceFailure;

export interface LocalState {
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
  readonly sharing: boolean;
  readonly canShare: boolean;
  readonly choice: DeviceChoice;
  readonly devices: DeviceList;
  /** For the self view and the level meter; a new object whenever a track changes. */
  readonly cameraTrack: MediaStreamTrack | null;
  readonly microphoneTrack: MediaStreamTrack | null;
  readonly screenTrack: MediaStreamTrack | null;
}

export interface Outgoing {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

const NOTHING: LocalState = {
  microphone: 'off',
  camera: 'off',
  sharing: false,
  canShare: false,
  choice: { microphone: '', camera: '' },
  devices: { microphone: [], camera: [] },
  cameraTrack: null,
  microphoneTrack: null,
  screenTrack: null,
};

export class LocalMedia {
  readonly changes = new Emitter<LocalState>();
  #state: LocalState = NOTHING;
  /** Whoever asked last is meant; an older answer is stopped when it arrives. */
  #asked: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  readonly #onDeviceChange = (): void => void this.#refreshDevices();

  get state(): LocalState {
    return this.#state;
  }

  outgoing(): Outgoing {
    const { microphoneTrack, cameraTrack, screenTrack } = this.#state;
    return { audio: microphoneTrack, video: screenTrack ?? cameraTrack };
  }

  async start(): Promise<void> {
    navigator.mediaDevices?.addEventListener('devicechange', this.#onDeviceChange);
    this.#set({ microphone: 'starting', camera: 'starting', canShare: canShareScreen() });
    const turns = { microphone: ++this.#asked.microphone, camera: ++this.#asked.camera };
    const opened = await openBoth(this.#state.choice);
    this.#take('microphone', opened.microphone, turns.microphone);
    this.#take('camera', opened.camera, turns.camera);
    await this.#refreshDevices();
  }

  /** Muting keeps the device open: unmuting must not wait, nor ask again. */
  async setMicrophone(wanted: 'on' | 'off'): Promise<void> {
    const { microphoneTrack } = this.#state;
    if (wanted === 'on' && !microphoneTrack) return this.#open('microphone');
    if (microphoneTrack) microphoneTrack.enabled = wanted === 'on';
    this.#asked.microphone += 1;
    return this.#set({ microphone: wanted });
  }

  /** Off closes the camera, so that its light goes out. */
  async setCamera(wanted: 'on' | 'off'): Promise<void> {
    if (wanted === 'on') return this.#open('camera');
    this.#asked.camera += 1;
    this.#state.cameraTrack?.stop();
    return this.#set({ camera: 'off', cameraTrack: null });
  }

  async choose(kind: DeviceKind, id: string): Promise<void> {
    this.#set({ choice: { ...this.#state.choice, [kind]: id } });
    if (this.#state[kind] !== 'off') await this.#open(kind);
  }

  /** Returns why it did not start; a person who closes the picker gave no permission. */
  async shareScreen(): Promise<DeviceFailure | null> {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false });
      const track = stream.getVideoTracks()[0];
      if (!track) return 'absent';
      track.contentHint = 'detail';
      track.addEventListener('ended', () => this.stopSharing());
      this.#state.screenTrack?.stop();
      this.#set({ sharing: true, screenTrack: track });
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  stopSharing(): void {
    this.#state.screenTrack?.stop();
    this.#set({ sharing: false, screenTrack: null });
  }

  stop(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.#onDeviceChange);
    this.#asked = { microphone: this.#asked.microphone + 1, camera: this.#asked.camera + 1 };
    const { microphoneTrack, cameraTrack, screenTrack, choice } = this.#state;
    for (const track of [microphoneTrack, cameraTrack, screenTrack]) track?.stop();
    this.#set({ ...NOTHING, choice });
  }

  async #open(kind: DeviceKind): Promise<void> {
    const turn = ++this.#asked[kind];
    this.#set({ [kind]: 'starting' });
    this.#take(kind, await openDevice(kind, this.#state.choice), turn);
    await this.#refreshDevices();
  }

  #take(kind: DeviceKind, opened: Opened, turn: number): void {
    const field = `${kind}Track` as const;
    if (turn !== this.#asked[kind]) {
      if (typeof opened !== 'string') opened.stop();
      return;
    }
    this.#state[field]?.stop();
    if (typeof opened === 'string') return this.#set({ [kind]: opened, [field]: null });
    // `ended` is not fired by our own stop(): it means unplugged, or taken by the system.
    opened.addEventListener('ended', () => this.#lost(kind, opened));
    return this.#set({ [kind]: 'on', [field]: opened });
  }

  #lost(kind: DeviceKind, track: MediaStreamTrack): void {
    const field = `${kind}Track` as const;
    if (this.#state[field] !== track) return;
    this.#set({ [kind]: 'lost', [field]: null });
  }

  /** A device that comes back while we are without one is taken up again by itself. */
  async #refreshDevices(): Promise<void> {
    const before = this.#state.devices;
    const devices = await listDevices();
    this.#set({ devices });
    for (const kind of ['microphone', 'camera'] as const) {
      const without = this.#state[kind] === 'lost' || this.#state[kind] === 'absent';
      if (without && devices[kind].length > before[kind].length) await this.#open(kind);
    }
  }

  #set(change: Partial<LocalState>): void {
    this.#state = { ...this.#state, ...change };
    this.changes.emit(this.#state);
  }
}
