// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace stillroom::app {
namespace {

/// `90`, `90s`, `15m`, `8h`, `7d` -> seconds.
std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number <= 0 || number > 1'000'000'000) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty() || unit == "s") return number;
  if (unit == "m") return number * 60;
  if (unit == "h") return number * 3600;
  if (unit == "d") return number * 86'400;
  return std::nullopt;
}

/// Takes a duration and passes it on in seconds.
CLI::Validator duration() {
  return CLI::Validator(
      [](std::string& text) {
        const auto seconds = parse_duration(text);
        if (!seconds) return std::string("is no duration such as 90s, 15m, 8h");
        text = std::to_string(*seconds);
        return std::string();
      },
      "DURATION");
}

/// Builds the commands; what was given ends up in `line`.
class Builder {
 public:
  explicit Builder(CommandLine& line) : line_(line) {
    app_.require_subcommand(1);
    app_.set_help_all_flag("--help-all", "Help of every command");
    serve();
    user();
    session();
    secrets();
    keys();
    database();
    config();
    common(*app_.add_subcommand("metrics", "Print what a running server counted, for Prometheus"))
        ->final_callback([this] { line_.task = ShowMetrics{}; });
    common(*app_.add_subcommand("version", "Print the version"))->final_callback([this] {
      line_.task = ShowVersion{};
    });
  }

  Task run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return Say{app_.help(), Exit::done};
    } catch (const CLI::CallForAllHelp&) {
      return Say{app_.help("", CLI::AppFormatMode::All), Exit::done};
    } catch (const CLI::ParseError& error) {
      return Say{std::string(error.what()) + "\nRun with --help for more.\n", Exit::wrong_usage};
    }
    return std::move(line_.task);
  }

 private:
  CLI::App* common(CLI::App& command) {
    command.add_option_function<std::string>(
        "--config", [this](const std::string& path) { line_.common.config = path; },
        "TOML file with settings");
    override_option(command, "--data", "server.data", "Data folder");
    command.add_flag_callback(
        "--json", [this] { line_.output = Output::json; }, "Print one JSON document");
    return &command;
  }
  void override_option(CLI::App& command, const std::string& option, const std::string& key,
                       const std::string& help) {
    command.add_option_function<std::string>(
        option, [this, key](const std::string& value) { line_.common.overrides[key] = value; },
        help);
  }
  void serve() {
    CLI::App& command = *common(*app_.add_subcommand("serve", "Run the server"));
    override_option(command, "--listen", "server.listen", "HOST:PORT");
    auto* dev = command.add_flag_callback(
        "--dev", [this] { line_.common.overrides.try_emplace("dev", "loopback"); },
        "Loopback only, plain HTTP, a secret of its own");
    command
        .add_flag_callback(
            "--lan", [this] { line_.common.overrides["dev"] = "lan"; },
            "With --dev: all addresses, HTTPS with a self-made certificate")
        ->needs(dev);
    command.final_callback([this] { line_.task = Serve{}; });
  }

  /// An administrative command: its options become the members of an order.
  struct Draft {
    std::map<std::string, std::string> texts;
    std::map<std::string, std::int64_t> integers;
    std::map<std::string, std::vector<std::string>> lists;
  };
  CLI::App& order(CLI::App& group, const std::string& verb, const std::string& help,
                  const std::shared_ptr<Draft>& draft) {
    CLI::App& command = *common(*group.add_subcommand(verb, help));
    const std::string name = group.get_name() + " " + verb;
    command.final_callback([this, draft, name] {
      std::string text;
      json::Writer out(text);
      out.begin_object().key("command").string(name);
      for (const auto& [key, value] : draft->texts) out.key(key).string(value);
      for (const auto& [key, value] : draft->integers) out.key(key).integer(value);
      for (const auto& [key, values] : draft->lists) {
        out.key(key).begin_array();
        for (const std::string& value : values) out.string(value);
        out.end_array();
      }
      out.end_object();
      line_.task = Order{std::move(text)};
    });
    return command;
  }
  static CLI::Option* text(CLI::App& command, const std::shared_ptr<Draft>& draft,
                           const std::string& name, const std::string& help) {
    return command.add_option_function<std::string>(
        "--" + name, [draft, name](const std::string& value) { draft->texts[name] = value; }, help);
  }
  static CLI::Option* integer(CLI::App& command, const std::shared_ptr<Draft>& draft,
                              const std::string& name, const std::string& help) {
    return command.add_option_function<std::int64_t>(
        "--" + name, [draft, name](std::int64_t value) { draft->integers[name] = value; }, help);
  }
  static void pages(CLI::App& command, const std::shared_ptr<Draft>& draft) {
    integer(command, draft, "limit", "At most so many (100)");
    integer(command, draft, "offset", "Leave out so many");
  }

  void user() {
    CLI::App& group = *app_.add_subcommand("user", "People")->require_subcommand(1);
    auto draft = std::make_shared<Draft>();
    CLI::App& add = order(group, "add", "Add a person", draft);
    text(add, draft, "id", "Id, as tokens name it")->required();
    text(add, draft, "role", "client, therapist or admin")->required();
    text(add, draft, "name", "Name that others see")->required();
    auto disabled = std::make_shared<Draft>();
    text(order(group, "disable", "Refuse a person from now on", disabled), disabled, "id", "Id")
        ->required();
    auto enabled = std::make_shared<Draft>();
    text(order(group, "enable", "Let a disabled person in again", enabled), enabled, "id", "Id")
        ->required();
    auto listed = std::make_shared<Draft>();
    pages(order(group, "list", "List people", listed), listed);
  }

  void session() {
    CLI::App& group = *app_.add_subcommand("session", "Therapy sessions")->require_subcommand(1);
    auto draft = std::make_shared<Draft>();
    CLI::App& add = order(group, "add", "Schedule a session", draft);
    add.add_option_function<std::vector<std::string>>(
           "--client",
           [draft](const std::vector<std::string>& ids) { draft->lists["client"] = ids; },
           "Id of a client; again for each")
        ->required();
    text(add, draft, "therapist", "Id of the therapist")->required();
    text(add, draft, "start", "Start, RFC 3339")->required();
    integer(add, draft, "minutes", "Length")->required();
    text(add, draft, "type", "individual, couples, family or group");
    text(add, draft, "status", "confirmed");
    text(add, draft, "payment", "confirmed or pending");
    auto cancelled = std::make_shared<Draft>();
    text(order(group, "cancel", "Cancel a session", cancelled), cancelled, "id", "Id")->required();
    auto listed = std::make_shared<Draft>();
    pages(order(group, "list", "List sessions", listed), listed);
  }

  void secrets() {
    CLI::App& token = *app_.add_subcommand("token", "Access tokens")->require_subcommand(1);
    auto minted = std::make_shared<Draft>();
    CLI::App& mint = order(token, "mint", "Make a token", minted);
    text(mint, minted, "user", "Whose")->required();
    integer(mint, minted, "ttl", "Life (15m)")->transform(duration());
    auto revoked = std::make_shared<Draft>();
    CLI::App& revoke =
        order(token, "revoke", "Make a token worthless, or all of a person", revoked);
    text(revoke, revoked, "jti", "Its jti");
    text(revoke, revoked, "user", "Whose, as far as issued until now");
    CLI::App& account = *app_.add_subcommand("account", "Who logs in here")->require_subcommand(1);
    auto invited = std::make_shared<Draft>();
    CLI::App& invite =
        order(account, "invite", "Make a one-time link that sets somebody's password", invited);
    text(invite, invited, "user", "For whom")->required();
    integer(invite, invited, "ttl", "Life (24h)")->transform(duration());
    CLI::App& link = *app_.add_subcommand("link", "One-time links")->require_subcommand(1);
    auto linked = std::make_shared<Draft>();
    CLI::App& mint_link = order(link, "mint", "Make a link into a session", linked);
    text(mint_link, linked, "user", "For whom")->required();
    text(mint_link, linked, "session", "Into which session")->required();
    integer(mint_link, linked, "ttl", "Life (8h)")->transform(duration());
  }

  void keys() {
    CLI::App& group =
        *app_.add_subcommand("key", "Service keys for applications")->require_subcommand(1);
    auto draft = std::make_shared<Draft>();
    CLI::App& add = order(group, "add", "Make a key; it is shown once", draft);
    text(add, draft, "name", "Whose it is")->required();
    add.add_option_function<std::vector<std::string>>(
           "--scope",
           [draft](const std::vector<std::string>& scopes) { draft->lists["scope"] = scopes; },
           "users:read, users:write, sessions:read or sessions:write; again for each")
        ->required();
    auto listed = std::make_shared<Draft>();
    pages(order(group, "list", "List keys, without their secrets", listed), listed);
    auto revoked = std::make_shared<Draft>();
    text(order(group, "revoke", "Make a key worthless", revoked), revoked, "id", "Its id")
        ->required();
  }

  void database() {
    CLI::App& group = *app_.add_subcommand("db", "The database")->require_subcommand(1);
    common(*group.add_subcommand("migrate", "Bring the schema up to date"))->final_callback([this] {
      line_.task = DatabaseTask{DatabaseTask::Kind::migrate};
    });
    common(*group.add_subcommand("status", "Say which schema there is"))->final_callback([this] {
      line_.task = DatabaseTask{DatabaseTask::Kind::status};
    });
  }

  void config() {
    CLI::App& group = *app_.add_subcommand("config", "Settings")->require_subcommand(1);
    common(*group.add_subcommand("check", "Say whether the server would start with them"))
        ->final_callback([this] { line_.task = ConfigTask{ConfigTask::Kind::check}; });
    common(*group.add_subcommand("print", "Print all of them, secrets masked"))
        ->final_callback([this] { line_.task = ConfigTask{ConfigTask::Kind::print}; });
  }

  CommandLine& line_;
  CLI::App app_{"Stillroom: video calls for therapy", "stillroom"};
};

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  CommandLine line;
  line.task = Builder(line).run(argc, argv);
  return line;
}

}  // namespace stillroom::app
