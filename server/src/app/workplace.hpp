// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// The configured secrets, the newest first; under `--dev`, and in a folder that a `--dev` server
/// made, the one in the data folder. Never empty. The error is a sentence that says what to set.
[[nodiscard]] Result<std::vector<SecretText>, std::string> signing_secrets(
    const config::Settings& settings);

/// Knows every configured secret, the issuer's public keys and our own. Those keys come from
/// security.jwks_file, or are `issuer_set`, the text that security.jwks_url answered; without it
/// there are none yet. The error says what is wrong and how.
[[nodiscard]] Result<identity::TokenVerifier, std::string> make_verifier(
    const config::Settings& settings, const std::vector<SecretText>& secrets,
    std::optional<std::string_view> issuer_set = std::nullopt);
[[nodiscard]] identity::TokenMinter make_minter(const config::Settings& settings,
                                                const SecretText& secret);

}  // namespace stillroom::app
