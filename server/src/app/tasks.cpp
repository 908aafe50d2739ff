// SPDX-License-Identifier: Apache-2.0
#include "app/tasks.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "app/control_socket.hpp"
#include "app/serve.hpp"
#include "app/version.hpp"
#include "app/workplace.hpp"
#include "base/json.hpp"
#include "config/load.hpp"
#include "config/print.hpp"
#include "crypto/digest.hpp"
#include "store/reply_loop.hpp"
#include "store/sqlite_store.hpp"

extern char** environ;

namespace stillroom::app {
namespace {

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals != nullptr)
      all.emplace(std::string(*entry, static_cast<std::size_t>(equals - *entry)), equals + 1);
  }
  return all;
}

Exit complain(const std::string& sentence, Exit exit = Exit::refused) {
  std::fprintf(stderr, "stillroom: %s\n", sentence.c_str());
  return exit;
}

Exit say(const std::string& text) {
  std::printf("%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n");
  return Exit::done;
}

config::Sources sources(const Common& common) {
  config::Sources out;
  if (common.config) out.file = *common.config;
  out.environment = environment();
  out.overrides = common.overrides;
  return out;
}

/// Commands work beside or on the folder of any server: what only serving needs is not asked.
config::Sources sources_for_command(const Common& common) {
  config::Sources out = sources(common);
  out.purpose = config::Purpose::command;
  return out;
}

std::optional<config::Settings> settings_from(const config::Sources& from) {
  auto loaded = config::load(from);
  if (!loaded) {
    for (const std::string& problem : loaded.error()) complain(problem);
    return std::nullopt;
  }
  for (const std::string& warning : loaded->warnings) {
    std::fprintf(stderr, "stillroom: warning: %s\n", warning.c_str());
  }
  return std::move(loaded->settings);
}

Reply carry_out_here(const config::Settings& settings, const std::string& order) {
  const auto minter = minter_if_any(settings);
  if (!minter) return {Exit::refused, {}, minter.error()};
  auto opened = store::SqliteStore::open(settings.server.data);
  if (!opened) return {Exit::refused, {}, opened.error().sentence};
  store::ReplyLoop loop;
  const auto port = (*opened)->for_worker(loop.poster());
  signalling::Administration administration(*port, system_clock(), crypto::system_rng(),
                                            minter->has_value() ? &**minter : nullptr);
  std::optional<Reply> answer;
  carry_out(administration, order, {}, [&answer](Reply reply) { answer = std::move(reply); });
  while (!answer) loop.run_one();
  (*opened)->stop();
  return *std::move(answer);
}

Exit tell(const Reply& reply) {
  if (reply.exit != Exit::done) return complain(reply.sentence, reply.exit);
  return say(reply.json);
}

struct Runner {
  const CommandLine& line;

  Exit operator()(const Serve&) const {
    auto settings = settings_from(sources(line.common));
    return settings ? serve(*std::move(settings)) : Exit::refused;
  }
  Exit operator()(const Order& order) const {
    auto settings = settings_from(sources_for_command(line.common));
    if (!settings) return Exit::refused;
    if (const auto reply = ask_server(settings->server.data, order.json)) return tell(*reply);
    return tell(carry_out_here(*settings, order.json));
  }
  Exit operator()(const DatabaseTask& task) const {
    const auto settings = settings_from(sources_for_command(line.common));
    if (!settings) return Exit::refused;
    return task.kind == DatabaseTask::Kind::migrate ? migrate(*settings) : status(*settings);
  }
  Exit operator()(const ConfigTask& task) const {
    const auto settings = settings_from(sources(line.common));
    if (!settings) return Exit::refused;
    if (task.kind == ConfigTask::Kind::print) {
      return say(line.output == Output::json ? config::print_json(*settings)
                                             : config::print(*settings));
    }
    return say(R"({"ok":true})");
  }
  Exit operator()(const ShowMetrics&) const {
    const auto settings = settings_from(sources_for_command(line.common));
    if (!settings) return Exit::refused;
    const auto reply = ask_server(settings->server.data, R"({"command":"metrics"})");
    if (!reply) return complain("No server runs on this data folder: nothing is counted.");
    if (reply->exit != Exit::done || line.output == Output::json) return tell(*reply);
    json::Document document;
    const auto parsed = document.parse(reply->json);
    const auto text = parsed ? parsed->find("exposition") : std::nullopt;
    return say(text ? text->as_string().value_or("") : "");
  }
  Exit operator()(const ShowVersion&) const {
    std::string text;
    json::Writer(text).begin_object().key("version").string(kVersion).end_object();
    return say(line.output == Output::json ? text : std::string(kVersion));
  }
  Exit operator()(const Say& words) const {
    std::fputs(words.text.c_str(), words.exit == Exit::done ? stdout : stderr);
    return words.exit;
  }

 private:
  static Exit migrate(const config::Settings& settings) {
    const auto done = store::migrate_database(settings.server.data);
    if (!done) return complain(done.error().sentence);
    std::string text;
    json::Writer(text).begin_object().key("migrations").integer(*done).end_object();
    return say(text);
  }
  static Exit status(const config::Settings& settings) {
    const auto found = store::database_status(settings.server.data);
    if (!found) return complain(found.error().sentence);
    std::string text;
    json::Writer out(text);
    out.begin_object().key("version").integer(found->version).key("newest").integer(found->newest);
    out.key("sound").boolean(found->sound).key("pending").begin_array();
    for (const std::string& name : found->pending) out.string(name);
    out.end_array().end_object();
    return say(text);
  }
};

}  // namespace

Exit run(CommandLine line) {
  return std::visit(Runner{line}, line.task);
}

}  // namespace stillroom::app
