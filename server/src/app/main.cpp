// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "app/command_line.hpp"
#include "app/tasks.hpp"

int main(int argc, char** argv) {
  using namespace stillroom::app;
  try {
    CommandLine line = parse_command_line(argc, argv);
    return static_cast<int>(run(std::move(line)));
  } catch (const std::exception& failure) {
    // Only start-up and outside libraries throw; whatever reaches this ends the process.
    std::fprintf(stderr, "stillroom: %s\n", failure.what());
    return static_cast<int>(Exit::refused);
  }
}
