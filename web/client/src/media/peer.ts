// SPDX-License-Identifier: Apache-2.0
// The media path to one other person: one RTCPeerConnection at a time, replaced only when the
// other side has a new one. Negotiation follows the "perfect negotiation" pattern (W3C WebRTC
// §10.7) under the contract's rule that the newcomer makes the offers: the newcomer is polite.
import type { Candidate, Description, IcePolicy, IceServer } from '../protocol/events.ts';
import type { Outgoing } from './local.ts';
import { readSideNote, type SideNote } from './side_note.ts';

/** The way media takes to one other person. `interrupted` may heal by itself, `failed` may not. */
export type Path = 'new' | 'connecting' | 'connected' | 'interrupted' | 'failed';

export interface PeerListener {
  describe(description: Description): void;
  candidate(candidate: Candidate): void;
  path(path: Path): void;
  /** A new object whenever the tracks behind it change. */
  stream(stream: MediaStream): void;
  note(note: SideNote): void;
}

export interface IceSettings {
  readonly iceServers: readonly IceServer[];
  readonly policy: IcePolicy;
}

/** Candidates that came before their description; a browser gathers a few dozen at most. */
const EARLY_CANDIDATES_MAX = 128;
/** Both sides open it under this id, so it needs no negotiation of its own (RFC 8832 §1). */
const NOTE_CHANNEL_ID = 0;

const PATHS: Readonly<Record<RTCPeerConnectionState, Path>> = {
  new: 'new',
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'interrupted',
  failed: 'failed',
  closed: 'failed',
};

/**
 * Each RTCPeerConnection has its own certificate, so a changed fingerprint means that the other
 * side started anew (a reload), and our half of the old connection is of no use.
 */
export function fingerprintOf(sdp: string): string {
  return /^a=fingerprint:(\S+ \S+)/m.exec(sdp)?.[1]?.toLowerCase() ?? '';
}

function plain(given: RTCIceCandidate): Candidate {
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = given;
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
}

function configOf(ice: IceSettings): RTCConfiguration {
  return {
    iceServers: ice.iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
    iceTransportPolicy: ice.policy,
    bundlePolicy: 'max-bundle',
  };
}

export class Peer {
  readonly #listener: PeerListener;
  #ice: IceSettings;
  #outgoing: Outgoing;
  #note: SideNote;
  #polite: boolean;
  #pc: RTCPeerConnection;
  #channel: RTCDataChannel | null = null;
  #early: Candidate[] = [];
  #ignoring = false;
  #closed = false;
  /** Names audio and video as belonging together; the tracks themselves come and go. */
  readonly #bundle = new MediaStream();
  /** Everything that awaits the connection runs in order; two at once would see half states. */
  #work: Promise<void> = Promise.resolve();

  constructor(
    listener: PeerListener,
    ice: IceSettings,
    outgoing: Outgoing,
    note: SideNote,
    weOffer: boolean,
  ) {
    this.#listener = listener;
    this.#ice = ice;
    this.#outgoing = outgoing;
    this.#note = note;
    this.#polite = weOffer;
    this.#pc = this.#create();
    if (weOffer) this.#then(() => this.#offer(false));
  }

  get connection(): RTCPeerConnection {
    return this.#pc;
  }

  /**
   * Signalling was away and is back, possibly with a server that remembers nothing. The newcomer
   * offers again: with media flowing this changes nothing but tells both sides and the server
   * where they stand; otherwise it restarts ICE.
   */
  goOn(weOffer: boolean): void {
    this.#polite = weOffer;
    this.#then(async () => {
      if (weOffer) return this.#offer(this.#pc.connectionState !== 'connected');
      // An offer of ours that the old server never relayed would make us ignore theirs.
      if (this.#pc.signalingState === 'have-local-offer') {
        await this.#pc.setLocalDescription({ type: 'rollback' });
      }
    });
  }

  restart(): void {
    this.#then(async () => {
      if (this.#pc.connectionState === 'connected') return;
      await this.#offer(true);
    });
  }

  describe(description: Description): void {
    this.#then(() =>
      description.type === 'offer' ? this.#onOffer(description) : this.#onAnswer(description),
    );
  }

  addCandidate(candidate: Candidate): void {
    this.#then(() => this.#onCandidate(candidate));
  }

  setIce(ice: IceSettings): void {
    this.#ice = ice;
    try {
      this.#pc.setConfiguration(configOf(ice));
    } catch {
      // A browser without it keeps the old servers on this connection; the next one has the new.
    }
  }

  setOutgoing(outgoing: Outgoing): void {
    this.#outgoing = outgoing;
    this.#then(() => this.#attach());
  }

  tell(note: SideNote): void {
    this.#note = note;
    if (this.#channel?.readyState === 'open') this.#channel.send(JSON.stringify(note));
  }

  close(): void {
    this.#closed = true;
    this.#discard();
  }

  #then(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch {
        // A step that fails leaves the connection as it was; ICE's own timers report it as
        // failed, and the restart that follows is the cure.
      }
    });
  }

  #create(): RTCPeerConnection {
    const pc = new RTCPeerConnection(configOf(this.#ice));
    const stream = new MediaStream();
    pc.addEventListener('connectionstatechange', () => {
      if (pc === this.#pc && !this.#closed) this.#listener.path(PATHS[pc.connectionState]);
    });
    pc.addEventListener('icecandidate', ({ candidate }) => {
      if (pc !== this.#pc || candidate?.candidate === '') return;
      this.#listener.candidate(candidate && plain(candidate));
    });
    pc.addEventListener('track', ({ track }) => {
      stream.addTrack(track);
      if (pc === this.#pc) this.#listener.stream(new MediaStream(stream.getTracks()));
    });
    const channel = pc.createDataChannel('stillroom', { negotiated: true, id: NOTE_CHANNEL_ID });
    channel.addEventListener('open', () => channel.send(JSON.stringify(this.#note)));
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const note = readSideNote(data);
      if (note && pc === this.#pc) this.#listener.note(note);
    });
    this.#channel = channel;
    this.#early = [];
    return pc;
  }

  #discard(): void {
    this.#channel?.close();
    this.#pc.close();
  }

  #replace(): void {
    this.#discard();
    this.#pc = this.#create();
    this.#listener.path('new');
  }

  /**
   * Both kinds are always offered, with or without a track, so that turning a camera on or off
   * or sharing a screen never needs another round of offers.
   */
  async #attach(): Promise<void> {
    for (const kind of ['audio', 'video'] as const) {
      const found = this.#pc
        .getTransceivers()
        .find(({ receiver, direction }) => receiver.track.kind === kind && direction !== 'stopped');
      if (!found) continue;
      if (found.sender.track !== this.#outgoing[kind]) {
        await found.sender.replaceTrack(this.#outgoing[kind]);
      }
      if (found.direction === 'sendrecv') continue;
      found.direction = 'sendrecv';
      found.sender.setStreams(this.#bundle);
    }
  }

  async #offer(iceRestart: boolean): Promise<void> {
    const pc = this.#pc;
    if (pc.signalingState !== 'stable' && pc.signalingState !== 'have-local-offer') return;
    if (pc.getTransceivers().length === 0) {
      const init: RTCRtpTransceiverInit = { direction: 'sendrecv', streams: [this.#bundle] };
      pc.addTransceiver('audio', init);
      pc.addTransceiver('video', init);
    }
    await this.#attach();
    if (iceRestart) pc.restartIce();
    await pc.setLocalDescription();
    this.#describeOurs('offer');
  }

  #describeOurs(type: Description['type']): void {
    const sdp = this.#pc.localDescription?.sdp;
    if (sdp && !this.#closed) this.#listener.describe({ type, sdp });
  }

  #isNewPeer(description: Description): boolean {
    const known = this.#pc.remoteDescription?.sdp;
    return Boolean(known) && fingerprintOf(known ?? '') !== fingerprintOf(description.sdp);
  }

  async #onOffer(offer: Description): Promise<void> {
    this.#ignoring = !this.#polite && this.#pc.signalingState !== 'stable';
    if (this.#ignoring) return;
    if (this.#isNewPeer(offer)) this.#replace();
    // Rolls an offer of our own back where there is one (JSEP, RFC 8829 §4.1.10.2).
    await this.#pc.setRemoteDescription(offer);
    await this.#attach();
    await this.#pc.setLocalDescription();
    this.#describeOurs('answer');
    await this.#addEarly();
  }

  async #onAnswer(answer: Description): Promise<void> {
    if (this.#pc.signalingState !== 'have-local-offer') return;
    if (this.#isNewPeer(answer)) {
      this.#replace();
      await this.#offer(false);
      return;
    }
    await this.#pc.setRemoteDescription(answer);
    await this.#addEarly();
  }

  async #onCandidate(candidate: Candidate): Promise<void> {
    if (!this.#pc.remoteDescription) {
      if (this.#early.length < EARLY_CANDIDATES_MAX) this.#early.push(candidate);
      return;
    }
    try {
      await this.#pc.addIceCandidate(candidate ?? undefined);
    } catch (error) {
      // Candidates of an offer that we ignored, or of a generation that is over, fit nothing.
      if (!this.#ignoring && candidate === null) throw error;
    }
  }

  async #addEarly(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) await this.#onCandidate(candidate);
  }
}
