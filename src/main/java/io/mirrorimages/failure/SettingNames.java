package io.mirrorimages.failure;

/** How the reader of a message gives the settings that it advises. Thread-safe. */
@FunctionalInterface
public interface SettingNames {
  /** What a setting is called; where it has a name for each side, both. */
  String of(Setting setting);

  /** What the setting of one side is called. */
  default String of(Setting setting, Side side) {
    return of(setting);
  }
}
