// SPDX-License-Identifier: Apache-2.0

export { useLevel } from './level.ts';
export { type Playback, type Player, usePlayer } from './player.ts';
export { useCall, useLocalMedia } from './state.ts';
