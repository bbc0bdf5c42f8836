package io.mirrorimages.cli.command;

import picocli.CommandLine.Model.CommandSpec;

/** A command that talks to registries, and has options for each side it talks to. */
interface Remote {
  /** Adds the options of its sides to {@code spec}. */
  void addSides(CommandSpec spec);
}
