// SPDX-License-Identifier: Apache-2.0
// Runs inside a browser page: plays each scenario between two peer connections and returns every
// description and candidate that would have gone to the server. Loaded by record.mjs.
async function recordScenarios(iceServers) {
  const recorded = { descriptions: [], candidates: [] };

  function camera(width = 160) {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = 120;
    canvas.getContext('2d').fillRect(0, 0, 10, 10);
    return canvas.captureStream(5).getVideoTracks()[0];
  }
  function microphone() {
    const context = new AudioContext();
    const out = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    tone.connect(out);
    tone.start();
    return out.stream.getAudioTracks()[0];
  }

  function pair(config = {}) {
    const sides = [0, 1].map(() => new RTCPeerConnection({ iceServers, ...config }));
    sides.forEach((side, index) => {
      side.onicecandidate = ({ candidate }) => {
        if (candidate) recorded.candidates.push(candidate.toJSON());
        sides[1 - index].addIceCandidate(candidate ?? undefined).catch(() => {});
      };
    });
    return sides;
  }
  const keep = (name, kind, sdp) => recorded.descriptions.push({ name, kind, sdp });

  async function negotiate(name, from, to, options) {
    await from.setLocalDescription(await from.createOffer(options));
    keep(name, 'offer', from.localDescription.sdp);
    await to.setRemoteDescription(from.localDescription);
    await to.setLocalDescription(await to.createAnswer());
    keep(name, 'answer', to.localDescription.sdp);
    await from.setRemoteDescription(to.localDescription);
  }
  async function gathered(side) {
    if (side.iceGatheringState === 'complete') return;
    await Promise.race([
      new Promise((done) => {
        side.addEventListener('icegatheringstatechange', () => {
          if (side.iceGatheringState === 'complete') done();
        });
      }),
      new Promise((done) => setTimeout(done, 8000)),
    ]);
  }
  function addCall(side) {
    const stream = new MediaStream([microphone(), camera()]);
    for (const track of stream.getTracks()) side.addTrack(track, stream);
  }

  {
    const [a, b] = pair();
    addCall(a);
    addCall(b);
    await negotiate('call', a, b);
    await gathered(a);
    await gathered(b);
    keep('call-gathered', 'offer', a.localDescription.sdp);
    keep('call-gathered', 'answer', b.localDescription.sdp);
    const screen = a.addTrack(camera(640), new MediaStream());
    await negotiate('screen-added', a, b);
    await negotiate('screen-added-back', b, a);
    a.removeTrack(screen);
    await negotiate('screen-removed', a, b);
    const transceiver = a.getTransceivers().at(-1);
    if (transceiver?.stop) transceiver.stop();
    await negotiate('screen-stopped', a, b);
    a.createDataChannel('chat');
    await negotiate('chat-added', a, b);
    await negotiate('ice-restart', a, b, { iceRestart: true });
    a.close();
    b.close();
  }
  {
    const [a, b] = pair();
    a.createDataChannel('chat');
    await negotiate('chat-only', a, b);
    await gathered(a);
    keep('chat-only-gathered', 'offer', a.localDescription.sdp);
  }
  {
    const [a, b] = pair();
    a.addTrack(microphone());
    await negotiate('audio-only', a, b);
  }
  {
    const [a, b] = pair({ bundlePolicy: 'max-bundle' });
    addCall(a);
    a.createDataChannel('chat');
    await negotiate('max-bundle', a, b);
    await negotiate('max-bundle-again', b, a);
  }
  {
    const [a, b] = pair();
    a.addTransceiver('audio', { direction: 'recvonly' });
    a.addTransceiver('video', { direction: 'recvonly' });
    await negotiate('listen-only', a, b);
  }
  {
    const [a, b] = pair();
    addCall(a);
    b.addEventListener('track', () => {
      for (const one of b.getTransceivers()) if (one.stop) one.stop();
    });
    await negotiate('all-stopped', a, b);
  }
  {
    const [a, b] = pair();
    a.addTransceiver(camera(640), {
      direction: 'sendonly',
      sendEncodings: [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 2 }],
    });
    await negotiate('simulcast', a, b);
  }
  return recorded;
}
