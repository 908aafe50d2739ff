// SPDX-License-Identifier: Apache-2.0
// What applications may use. `ui` sees the call and the right, never what lies below them.
export { Call, type CallOptions } from './call/call.ts';
export type { Measurement } from './call/measurement.ts';
export type { Quality } from './call/quality.ts';
export type { Closed, Phase, Presence } from './call/state.ts';
export type { CallView, RemoteView } from './call/view.ts';
export {
  DEVICE_FAILURES,
  type Device,
  type DeviceChoice,
  type DeviceFailure,
  type DeviceKind,
  type DeviceList,
} from './media/devices.ts';
export { watchLevel } from './media/level.ts';
export { type DeviceState, LocalMedia, type LocalState } from './media/local.ts';
export type { Path } from './media/peer.ts';
export type { SideNote } from './media/side_note.ts';
export type { Role, RoomRef } from './protocol/events.ts';
export { fieldsOf, roleOf, textOf } from './protocol/parse.ts';
export { REFUSALS, type Refusal } from './protocol/refusals.ts';
export { type KeeperOptions, type OpenFailure, openRight, RightKeeper } from './session/keeper.ts';
export { dropRight, keepRight, type Right } from './session/right.ts';
export {
  type SocketOptions,
  socketTransport,
  type TransportFactory,
} from './transport/transport.ts';
