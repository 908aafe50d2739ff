// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sdp/description.hpp"
#include "sdp/lines.hpp"

namespace stillroom::sdp {

using Fault = std::optional<Code>;

enum class Role : std::uint8_t { offer, answer };

/// One pass over a description: reads a line, judges it, writes its normal form. What can only be
/// judged at the end (a section's fingerprint, the BUNDLE group) is kept as views meanwhile.
class Reader {
 public:
  Reader(std::string_view text, Role role, const Policy& policy);
  [[nodiscard]] Result<Description, Error> read() &&;

 private:
  enum class Place : std::uint8_t { session, section };
  /// Attributes that stand at most once in one place.
  enum class Once : std::uint8_t {
    many,
    mid,
    ufrag,
    password,
    setup,
    direction,
    rtcp,
    mux,
    bundle_only,
    sctp_port,
    message_size,
    end_of_candidates,
  };
  enum class Where : std::uint8_t { anywhere, session_only, section_only };
  static constexpr std::uint32_t kWholeText = 0xffffffff;

  /// What a session or a section says about its transport.
  struct Transport {
    std::string_view ufrag;
    std::string_view password;
    std::string_view candidate_ufrag;
    Setup setup = Setup::none;
    std::optional<Direction> direction;
    std::uint8_t hashes = 0;  ///< strong fingerprints, a bit each
    std::uint32_t seen = 0;   ///< Once bits
    std::uint32_t line = 0;
    bool weak_hash = false;
    [[nodiscard]] bool has(Once what) const {
      return (seen >> static_cast<unsigned>(what) & 1u) != 0;
    }
  };
  struct Attribute {
    std::string_view name;
    Where where;
    Once once;
    Fault (Reader::*read)(std::string_view value);
  };
  static const Attribute* find_attribute(std::string_view name);

  // Lines (reader.cpp).
  Fault read_line();
  Fault check_order(char letter);
  Fault version(std::string_view value);
  Fault origin(std::string_view value);
  Fault time(std::string_view value);
  Fault connection(std::string_view value);
  Fault bandwidth(std::string_view value);
  Fault media(std::string_view value);
  Fault payload_types(std::string_view formats);

  // Attributes (attributes.cpp).
  Fault attribute(std::string_view value);
  Fault unknown_attribute(std::string_view name);
  Fault check_place(const Attribute& attribute);
  Fault drop(std::string_view value);
  Fault refuse_keying(std::string_view value);
  Fault flag(std::string_view value);
  Fault plain(std::string_view value);
  Fault tokens(std::string_view value);
  Fault of_payload_type(std::string_view value);
  Fault of_source(std::string_view value);
  Fault extension_map(std::string_view value);
  Fault group(std::string_view value);
  Fault mid_value(std::string_view value);
  Fault ice_ufrag(std::string_view value);
  Fault ice_password(std::string_view value);
  Fault fingerprint(std::string_view value);
  Fault setup_value(std::string_view value);
  Fault direction_value(std::string_view value);
  Fault rtcp_value(std::string_view value);
  Fault sctp_port_value(std::string_view value);
  Fault max_message_size(std::string_view value);
  Fault candidate(std::string_view value);

  // What only the end can tell (finish.cpp).
  Fault finish_section();
  Fault finish_transport(const Transport& own);
  Fault finish();
  Fault finish_fingerprints();
  Fault finish_bundle();
  Fault finish_tagged(std::size_t tagged);
  [[nodiscard]] const Section* section_of(std::string_view mid) const;
  void keep_ufrag(std::string_view ufrag);

  [[nodiscard]] Place place() const { return sections_ == 0 ? Place::session : Place::section; }
  [[nodiscard]] Transport& here() { return transports_[sections_]; }
  [[nodiscard]] Section& section() { return out_.shape_.sections.back(); }
  void write(std::string_view line) { out_.text_.append(line).append("\r\n"); }
  /// The current line as it is.
  void pass() { write(lines_.line()); }
  [[nodiscard]] Error error(Code code) const;

  std::string_view text_;
  Lines lines_;
  Role role_;
  const Policy& policy_;
  Description out_;

  std::size_t sections_ = 0;
  /// [0] is the session, [n] the n-th section.
  std::array<Transport, kSectionsMax + 1> transports_{};
  std::string_view attribute_name_;
  std::array<std::string_view, 3> fingerprints_{};  ///< one value for each strong hash function
  std::optional<std::string_view> bundle_;          ///< mids of the BUNDLE group
  std::bitset<128> payload_types_;                  ///< of the current section
  std::size_t candidates_ = 0;
  std::size_t rank_ = 0;  ///< of the last line, in the order of RFC 8866 §9
  std::uint32_t bundle_line_ = 0;
  std::uint32_t blame_ = 0;  ///< the line an error at the end is about; 0: the current one
  std::uint8_t hashes_ = 0;  ///< strong hash functions, the same wherever there are any
  bool data_section_ = false;
};

}  // namespace stillroom::sdp
