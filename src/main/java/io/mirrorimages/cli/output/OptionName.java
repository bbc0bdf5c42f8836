package io.mirrorimages.cli.output;

import io.mirrorimages.failure.Setting;

/** How a user of the command line gives a setting. */
public final class OptionName {
  private OptionName() {}

  /** The option of that setting. */
  public static String of(Setting setting) {
    return "--" + setting.id();
  }
}
