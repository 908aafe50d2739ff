// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "sdp/candidate.hpp"
#include "sdp/description.hpp"
#include "testing/vectors.hpp"

namespace stillroom::sdp {
namespace {

namespace fs = std::filesystem;
using stillroom::testing::read_file;

const fs::path kTestData = fs::path(STILLROOM_SOURCE_DIR) / "server/src/sdp/testdata";
const Policy kLan{.reach = Policy::Reach::lan, .tcp = Policy::Tcp::pass, .relay_ranges = {}};
// What was recorded; fewer means that a file was lost.
constexpr std::size_t kDescriptionsRecorded = 62;
constexpr std::size_t kCandidatesRecorded = 241;

std::vector<fs::path> files_in(const fs::path& folder, std::string_view ending) {
  auto files = stillroom::testing::files_in(folder);
  std::erase_if(files, [ending](const fs::path& file) { return !file.string().ends_with(ending); });
  return files;
}

Result<Description, Error> parse(const fs::path& file, const std::string& text,
                                 const Policy& policy) {
  const bool offer = file.string().ends_with(".offer.sdp");
  return offer ? parse_offer(text, policy) : parse_answer(text, policy);
}

TEST(SdpBrowsers, everything_that_browsers_said_is_taken) {
  std::size_t taken = 0;
  for (const auto& file : files_in(kTestData, ".sdp")) {
    const auto parsed = parse(file, read_file(file), kLan);
    ASSERT_TRUE(parsed.ok()) << file.filename() << " line " << parsed.error().line << " "
                             << code_text(parsed.error().code);
    ++taken;
  }
  EXPECT_EQ(taken, kDescriptionsRecorded);
}

TEST(SdpBrowsers, the_normal_form_of_a_normal_form_is_itself) {
  for (const auto& policy : {kLan, Policy{}}) {
    for (const auto& file : files_in(kTestData, ".sdp")) {
      const auto once = parse(file, read_file(file), policy);
      ASSERT_TRUE(once.ok()) << file.filename();
      const auto twice = parse(file, once->text(), policy);
      ASSERT_TRUE(twice.ok()) << file.filename();
      EXPECT_EQ(once->text(), twice->text()) << file.filename();
      EXPECT_EQ(once->shape(), twice->shape()) << file.filename();
    }
  }
}

TEST(SdpBrowsers, every_answer_fits_its_offer) {
  std::size_t pairs = 0;
  for (const auto& file : files_in(kTestData, ".answer.sdp")) {
    auto other = file.string();
    other.replace(other.size() - 11, 11, ".offer.sdp");
    const auto offer = parse_offer(read_file(other), kLan);
    const auto answer = parse_answer(read_file(file), kLan);
    ASSERT_TRUE(offer.ok() && answer.ok()) << file.filename();
    const auto fits = answer_fits(offer->shape(), answer->shape());
    EXPECT_TRUE(fits.ok()) << file.filename() << " " << code_text(fits.error().code);
    ++pairs;
  }
  EXPECT_GE(pairs, 28u);
}

TEST(SdpBrowsers, no_line_is_lost_but_those_meant_to_be) {
  const auto file = kTestData / "chromium-call.offer.sdp";
  const auto text = read_file(file);
  const auto parsed = parse_offer(text, kLan);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->text(), text);
}

TEST(SdpBrowsers, an_ice_restart_changes_the_generation_and_nothing_else) {
  for (const std::string browser : {"chromium", "firefox"}) {
    const auto before = parse_offer(read_file(kTestData / (browser + "-chat-added.offer.sdp")));
    const auto after = parse_offer(read_file(kTestData / (browser + "-ice-restart.offer.sdp")));
    ASSERT_TRUE(before.ok() && after.ok());
    EXPECT_EQ(before->shape().sections, after->shape().sections) << browser;
    EXPECT_NE(before->shape().ufrags, after->shape().ufrags) << browser;
  }
}

TEST(SdpBrowsers, a_stopped_screen_is_a_rejected_section) {
  for (const std::string browser : {"chromium", "firefox"}) {
    const auto offer = parse_offer(read_file(kTestData / (browser + "-screen-stopped.offer.sdp")));
    ASSERT_TRUE(offer.ok());
    ASSERT_EQ(offer->shape().sections.size(), 3u);
    EXPECT_FALSE(offer->shape().sections[1].rejected);
    EXPECT_TRUE(offer->shape().sections[2].rejected);
  }
}

TEST(SdpBrowsers, bundle_only_sections_are_not_rejected) {
  const auto offer = parse_offer(read_file(kTestData / "firefox-max-bundle.offer.sdp"));
  ASSERT_TRUE(offer.ok());
  for (const auto& section : offer->shape().sections) EXPECT_FALSE(section.rejected);
  EXPECT_NE(offer->text().find("m=video 0 "), std::string::npos);
}

TEST(SdpBrowsers, a_gathered_description_tells_no_address_under_relay_only) {
  const Policy relay_only{.path = Policy::Path::relay_only,
                          .reach = Policy::Reach::lan,
                          .tcp = Policy::Tcp::pass,
                          .relay_ranges = {}};
  std::size_t relays = 0;
  for (const auto& file : files_in(kTestData, ".sdp")) {
    const auto parsed = parse(file, read_file(file), relay_only);
    ASSERT_TRUE(parsed.ok());
    const auto& text = parsed->text();
    EXPECT_EQ(text.find(" typ host"), std::string::npos) << file.filename();
    EXPECT_EQ(text.find(" typ srflx"), std::string::npos) << file.filename();
    EXPECT_EQ(text.find(".local"), std::string::npos) << file.filename();
    for (auto at = text.find("192.168."); at != std::string::npos;
         at = text.find("192.168.", at + 1)) {
      EXPECT_NE(text.substr(at, 60).find(" typ relay raddr 0.0.0.0 rport 9"), std::string::npos);
      ++relays;
    }
  }
  EXPECT_GT(relays, 0u);
}

CandidateInit init_of(const json::Value& value, std::vector<std::string>& keep) {
  CandidateInit init;
  init.line = keep.emplace_back(value.find("candidate")->as_string().value());
  init.mid = keep.emplace_back(value.find("sdpMid")->as_string().value());
  init.mline_index = static_cast<std::uint32_t>(value.find("sdpMLineIndex")->as_integer().value());
  init.ufrag = keep.emplace_back(value.find("usernameFragment")->as_string().value());
  return init;
}

TEST(SdpBrowsers, every_candidate_that_browsers_found_is_taken) {
  std::size_t taken = 0;
  std::size_t tcp = 0;
  json::Document document;
  for (const auto& file : files_in(kTestData, ".jsonl")) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line); ++taken) {
      const auto value = document.parse(line);
      ASSERT_TRUE(value.ok());
      std::vector<std::string> keep;
      keep.reserve(3);
      const auto init = init_of(*value, keep);
      const auto candidate = parse_candidate(init, kLan);
      ASSERT_TRUE(candidate.ok()) << line << code_text(candidate.error().code);
      EXPECT_TRUE(candidate->relayable()) << line;
      EXPECT_EQ(candidate->ufrag(), keep[2]);
      tcp += candidate->transport() == Candidate::Transport::tcp ? 1U : 0U;
      auto again = init;
      again.line = candidate->text();
      const auto twice = parse_candidate(again, kLan);
      ASSERT_TRUE(twice.ok());
      EXPECT_EQ(twice->text(), candidate->text());
    }
  }
  EXPECT_EQ(taken, kCandidatesRecorded);
  EXPECT_GT(tcp, 0u);
}

TEST(SdpBrowsers, the_webrtc_corpus_is_survived) {
  STILLROOM_VECTORS_OR_SKIP(folder, "webrtc-corpora/sdp");
  std::size_t seeds = 0;
  std::size_t taken = 0;
  for (const auto& file : stillroom::testing::files_in(folder)) {
    const auto text = read_file(file);
    for (const auto parse_one : {&parse_offer, &parse_answer}) {
      const auto parsed = parse_one(text, Policy{});
      if (!parsed) continue;
      ++taken;
      EXPECT_EQ(parse_one(parsed->text(), Policy{})->text(), parsed->text());
    }
    ++seeds;
  }
  EXPECT_EQ(seeds, 67u);
  // The corpus is older than the rules: plain RTP, SDES, no fingerprint.
  std::printf("corpus: %zu seeds, %zu taken\n", seeds, taken);
}

}  // namespace
}  // namespace stillroom::sdp
