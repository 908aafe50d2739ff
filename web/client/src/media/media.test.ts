// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failureOf } from './devices.ts';
import { levelOf } from './level.ts';
import { LocalMedia } from './local.ts';
import { readReport } from './measure.ts';
import { fingerprintOf } from './peer.ts';
import { readSideNote } from './side_note.ts';

class FakeTrack extends EventTarget {
  enabled = true;
  readyState = 'live';
  contentHint = '';
  readonly kind: 'audio' | 'video';
  constructor(kind: 'audio' | 'video') {
    super();
    this.kind = kind;
  }
  stop(): void {
    this.readyState = 'ended';
  }
  getSettings(): object {
    return {};
  }
  /** As when the cable is pulled. */
  pull(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeStream {
  readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[]) {
    this.tracks = tracks;
  }
  getTracks = (): FakeTrack[] => this.tracks;
  getAudioTracks = (): FakeTrack[] => this.tracks.filter((track) => track.kind === 'audio');
  getVideoTracks = (): FakeTrack[] => this.tracks.filter((track) => track.kind === 'video');
}

interface Machine {
  audio: string;
  video: string;
}

/** A machine whose devices are `ok` or fail with the named DOMException. */
class FakeDevices extends EventTarget {
  readonly machine: Machine;
  readonly given: FakeTrack[] = [];
  asked = 0;
  constructor(machine: Machine) {
    super();
    this.machine = machine;
  }
  async getUserMedia(wanted: MediaStreamConstraints): Promise<FakeStream> {
    this.asked += 1;
    const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind]);
    const failing = kinds.find((kind) => this.machine[kind] !== 'ok');
    if (failing) throw new DOMException('no', this.machine[failing]);
    const tracks = kinds.map((kind) => new FakeTrack(kind));
    this.given.push(...tracks);
    return new FakeStream(tracks);
  }
  async enumerateDevices(): Promise<object[]> {
    const of = (kind: keyof Machine) =>
      this.machine[kind] === 'NotFoundError'
        ? []
        : [{ kind: `${kind}input`, deviceId: kind, label: kind }];
    return [...of('audio'), ...of('video')];
  }
  async getDisplayMedia(): Promise<FakeStream> {
    return new FakeStream([new FakeTrack('video')]);
  }
}

function machine(change: Partial<Machine> = {}): FakeDevices {
  const devices = new FakeDevices({ audio: 'ok', video: 'ok', ...change });
  vi.stubGlobal('navigator', { mediaDevices: devices });
  return devices;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('camera and microphone', () => {
  test('the_person_is_asked_once_for_both', async () => {
    const devices = machine();
    const media = new LocalMedia();
    await media.start();
    expect(media.state).toMatchObject({ microphone: 'on', camera: 'on' });
    expect(devices.asked).toBe(1);
  });

  describe.each([
    { kind: 'camera', input: 'video', rest: 'microphone', sent: 'audio' },
    { kind: 'microphone', input: 'audio', rest: 'camera', sent: 'video' },
  ] as const)('$kind', ({ kind, input, rest, sent }) => {
    const FAILURES = [
      ['NotAllowedError', 'denied'],
      ['NotFoundError', 'absent'],
      ['NotReadableError', 'busy'],
    ] as const;

    test.each(FAILURES)('with_%s_is_%s_and_the_other_device_still_works', async (name, failure) => {
      machine({ [input]: name });
      const media = new LocalMedia();
      await media.start();
      expect(media.state).toMatchObject({ [kind]: failure, [rest]: 'on' });
      expect(media.outgoing()[input]).toBeNull();
      expect(media.outgoing()[sent]).not.toBeNull();
    });

    test.each(FAILURES)('that_was_not_there_by_%s_comes_when_asked_again', async (name) => {
      const devices = machine({ [input]: name });
      const media = new LocalMedia();
      await media.start();
      devices.machine[input] = 'ok';
      await (kind === 'camera' ? media.setCamera('on') : media.setMicrophone('on'));
      expect(media.state[kind]).toBe('on');
      expect(media.outgoing()[input]).toBe(media.state[`${kind}Track`]);
    });

    test('pulled_is_lost_and_taken_up_again_when_it_returns', async () => {
      const devices = machine();
      const media = new LocalMedia();
      await media.start();
      devices.machine[input] = 'NotFoundError';
      devices.given.find((track) => track.kind === input)?.pull();
      expect(media.state).toMatchObject({ [kind]: 'lost', [rest]: 'on' });
      expect(media.outgoing()[input]).toBeNull();
      devices.dispatchEvent(new Event('devicechange'));
      await vi.waitFor(() => expect(media.state.devices[kind]).toHaveLength(0));
      devices.machine[input] = 'ok';
      devices.dispatchEvent(new Event('devicechange'));
      await vi.waitFor(() => expect(media.state[kind]).toBe('on'));
    });
  });

  test('a_page_that_is_not_secure_says_so', async () => {
    vi.stubGlobal('navigator', {});
    const media = new LocalMedia();
    await media.start();
    expect(media.state).toMatchObject({ microphone: 'insecure', camera: 'insecure' });
  });

  test('muting_keeps_the_device_and_turning_the_camera_off_releases_it', async () => {
    const devices = machine();
    const media = new LocalMedia();
    await media.start();
    const [audio, video] = devices.given;
    await media.setMicrophone('off');
    await media.setCamera('off');
    expect(audio).toMatchObject({ enabled: false, readyState: 'live' });
    expect(video).toMatchObject({ readyState: 'ended' });
    await media.setMicrophone('on');
    expect(devices.asked).toBe(1);
  });

  test('a_camera_that_opens_after_it_was_turned_off_is_closed_at_once', async () => {
    const devices = machine();
    const media = new LocalMedia();
    await media.start();
    await media.setCamera('off');
    const opening = media.setCamera('on');
    await media.setCamera('off');
    await opening;
    expect(media.state).toMatchObject({ camera: 'off', cameraTrack: null });
    expect(devices.given.findLast((track) => track.kind === 'video')?.readyState).toBe('ended');
  });

  test('a_shared_screen_takes_the_cameras_place_until_it_ends', async () => {
    machine();
    const media = new LocalMedia();
    await media.start();
    const camera = media.outgoing().video;
    expect(await media.shareScreen()).toBeNull();
    expect(media.outgoing().video).toBe(media.state.screenTrack);
    media.stopSharing();
    expect(media.outgoing().video).toBe(camera);
  });

  test('stopping_releases_everything', async () => {
    const devices = machine();
    const media = new LocalMedia();
    await media.start();
    media.stop();
    expect(devices.given.every((track) => track.readyState === 'ended')).toBe(true);
    expect(media.outgoing()).toEqual({ audio: null, video: null });
  });

  test('something_that_is_no_error_is_a_failure_all_the_same', () => {
    expect(failureOf('what')).toBe('failed');
    expect(failureOf(new DOMException('x', 'AbortError'))).toBe('busy');
  });
});

describe('what the browser measured', () => {
  const chromium = new Map<string, Record<string, unknown>>([
    ['T', { type: 'transport', tlsVersion: 'FEFC', srtpCipher: 'C', selectedCandidatePairId: 'P' }],
    [
      'P',
      {
        type: 'candidate-pair',
        localCandidateId: 'L',
        remoteCandidateId: 'R',
        currentRoundTripTime: 0.042,
      },
    ],
    ['L', { type: 'local-candidate', candidateType: 'host' }],
    ['R', { type: 'remote-candidate', candidateType: 'relay' }],
    ['V', { type: 'inbound-rtp', kind: 'video', framesDecoded: 9, codecId: 'C1' }],
    ['C1', { type: 'codec', mimeType: 'video/VP8' }],
    ['A', { type: 'inbound-rtp', kind: 'audio', audioLevel: 0.5, packetsReceived: 70 }],
  ]);

  test('chromiums_report_is_read', () => {
    expect(readReport(chromium)).toMatchObject({
      framesDecoded: 9,
      audioLevel: 0.5,
      audioPacketsReceived: 70,
      videoCodec: 'video/VP8',
      localCandidateType: 'host',
      remoteCandidateType: 'relay',
      roundTripMs: 42,
      dtlsVersion: 'DTLS 1.3',
      srtpCipher: 'C',
    });
  });

  test('without_a_transport_entry_the_nominated_pair_is_found', () => {
    const firefox = new Map(chromium);
    firefox.delete('T');
    firefox.set('P', { ...chromium.get('P'), state: 'succeeded', nominated: true });
    expect(readReport(firefox)).toMatchObject({ localCandidateType: 'host', dtlsVersion: null });
  });

  test('an_empty_report_is_zeros', () => {
    expect(readReport(new Map())).toMatchObject({ framesDecoded: 0, videoCodec: null });
  });
});

describe('small things', () => {
  test('a_new_certificate_is_a_new_peer_however_it_is_spelt', () => {
    const sdp = 'v=0\r\na=fingerprint:sha-256 AB:CD\r\n';
    expect(fingerprintOf(sdp)).toBe('sha-256 ab:cd');
    expect(fingerprintOf(sdp)).toBe(fingerprintOf(sdp.toLowerCase()));
    expect(fingerprintOf('v=0\r\n')).toBe('');
  });

  test('notes_of_other_kinds_are_ignored', () => {
    expect(readSideNote('{"v":1,"camera":"on"}')).toEqual({
      v: 1,
      microphone: 'off',
      camera: 'on',
      screen: 'off',
    });
    for (const other of ['', '[]', '{"v":2}', `"${'x'.repeat(2000)}"`, new ArrayBuffer(4), null]) {
      expect(readSideNote(other)).toBeUndefined();
    }
  });

  test('silence_is_an_empty_meter_and_full_scale_a_full_one', () => {
    expect(levelOf(new Float32Array(8))).toBe(0);
    expect(levelOf(new Float32Array(8).fill(1))).toBe(1);
    expect(levelOf(new Float32Array(8).fill(0.03))).toBeCloseTo(0.49, 1);
  });
});
