package io.mirrorimages.cli;

import io.mirrorimages.failure.Setting;

/** How a user of the command line gives a setting. */
final class OptionName {
  private OptionName() {}

  /** The option of that setting. */
  static String of(Setting setting) {
    return "--" + setting.id();
  }
}
