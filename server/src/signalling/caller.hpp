// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "room/caller.hpp"

namespace stillroom::signalling {

using room::Caller;
using room::CallerRef;

}  // namespace stillroom::signalling
