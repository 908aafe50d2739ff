// SPDX-License-Identifier: Apache-2.0
#include "gateway/reports.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stillroom::gateway {
namespace {

constexpr std::string_view kList = "application/reports+json";
constexpr std::string_view kOne = "application/csp-report";

std::string violation(std::string_view directive) {
  return std::string(R"({"age":1,"type":"csp-violation","url":"https://call.example/","body":)")
      .append(R"({"documentURL":"https://call.example/","sample":"x","effectiveDirective":")")
      .append(directive)
      .append("\"}}");
}

std::uint32_t of(const ViolationCounts& counts, Directive directive) {
  return counts[static_cast<std::size_t>(directive)];
}

ReportError error_of(std::string_view type, std::string_view body) {
  const auto read = read_reports(type, body);
  EXPECT_FALSE(read.ok()) << body;
  return read.ok() ? ReportError{} : read.error();
}

TEST(Reports, a_list_is_counted_by_its_directives) {
  const auto read =
      read_reports(kList, "[" + violation("img-src") + "," + violation("script-src-elem") + "," +
                              violation("img-src") + "]");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(of(*read, Directive::img_src), 2U);
  EXPECT_EQ(of(*read, Directive::script_src_elem), 1U);
  EXPECT_EQ(of(*read, Directive::other), 0U);
}

TEST(Reports, one_of_the_older_form_is_counted) {
  const auto read = read_reports(
      kOne, R"({"csp-report":{"document-uri":"https://a/","effective-directive":"connect-src"}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(of(*read, Directive::connect_src), 1U);
}

TEST(Reports, what_is_no_name_of_ours_is_other) {
  for (const std::string text : {"img-src'; drop", "IMG-SRC", "", "font-src", "img-src "}) {
    const auto read = read_reports(kList, "[" + violation(text) + "]");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(of(*read, Directive::other), 1U) << text;
  }
  const auto read = read_reports(kList, R"([{"type":"deprecation","body":{"id":"x"}}])");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(of(*read, Directive::other), 1U);
}

TEST(Reports, the_type_decides_whatever_its_case_and_parameters) {
  const std::string list = "[" + violation("img-src") + "]";
  EXPECT_TRUE(read_reports("Application/Reports+JSON ; charset=utf-8", list).ok());
  for (const char* type : {"", "application/json", "text/plain", "application/reports+jsonx",
                           "x application/reports+json", " "}) {
    EXPECT_EQ(error_of(type, list), ReportError::wrong_type) << type;
  }
  EXPECT_EQ(error_of(kOne, list), ReportError::malformed);
  EXPECT_EQ(error_of(kList, R"({"csp-report":{"effective-directive":"img-src"}})"),
            ReportError::malformed);
}

TEST(Reports, what_is_no_report_is_malformed) {
  for (const char* body :
       {"", "{", "null", "{}", "[1]", "[{}]", R"([{"type":"csp-violation"}])",
        R"([{"type":"csp-violation","body":{}}])", R"([{"type":"csp-violation","body":[]}])",
        R"([{"type":"csp-violation","body":{"effectiveDirective":1}}])",
        R"([{"type":1,"body":{"effectiveDirective":"img-src"}}])",
        R"([{"type":"a","type":"b","body":{}}])", "[] []"}) {
    EXPECT_EQ(error_of(kList, body), ReportError::malformed) << body;
  }
  for (const char* body : {"{}", R"({"csp-report":1})", R"({"csp-report":{}})", "[]",
                           R"({"csp-report":{"effective-directive":["img-src"]}})"}) {
    EXPECT_EQ(error_of(kOne, body), ReportError::malformed) << body;
  }
}

TEST(Reports, a_list_and_a_body_have_an_end) {
  std::string list = R"({"type":"a","body":{}})";
  for (std::size_t more = 1; more < kReportsPerBodyMax; ++more) {
    list += R"(,{"type":"a","body":{}})";
  }
  EXPECT_TRUE(read_reports(kList, "[" + list + "]").ok());
  EXPECT_EQ(error_of(kList, "[" + list + R"(,{"type":"a","body":{}}])"), ReportError::malformed);

  std::string body = "[]";
  body.append(kReportBytesMax - body.size(), ' ');
  EXPECT_TRUE(read_reports(kList, body).ok());
  EXPECT_EQ(error_of(kList, body + " "), ReportError::too_large);
}

}  // namespace
}  // namespace stillroom::gateway
