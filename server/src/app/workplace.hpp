// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "identity/token_minter.hpp"
#include "identity/token_verifier.hpp"

/// What both the server and the command line make of the settings.
namespace stillroom::app {

/// The minter of this place's tokens, or none where no secret is set: then only what mints needs
/// it. The error says what is damaged.
[[nodiscard]] Result<std::optional<identity::TokenMinter>, std::string> minter_if_any(
    const config::Settings& settings);

/// The configured secret or, under `--dev` and in a folder that a `--dev` server made, the one in
/// the data folder. The error is a sentence that says what to set.
[[nodiscard]] Result<SecretText, std::string> signing_secret(const config::Settings& settings);

[[nodiscard]] identity::TokenVerifier make_verifier(const config::Settings& settings,
                                                    const SecretText& secret);
[[nodiscard]] identity::TokenMinter make_minter(const config::Settings& settings,
                                                const SecretText& secret);

}  // namespace stillroom::app
