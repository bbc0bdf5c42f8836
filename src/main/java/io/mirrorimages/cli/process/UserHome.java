package io.mirrorimages.cli.process;

import java.nio.file.Path;
import java.util.Map;

/** The folder of the user, where settings and state are. */
public final class UserHome {
  private UserHome() {}

  /** What the shell calls {@code ~}. */
  public static Path folder() {
    return folder(System.getenv(), System.getProperty("user.home"));
  }

  /**
   * {@code $HOME} as every other program reads it: sudo, systemd and CI runners set it to another
   * folder than the user's own.
   *
   * @param usual what counts where it is not set, or empty: Java's word, which is the password
   *     file's
   */
  public static Path folder(Map<String, String> environment, String usual) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? usual : home);
  }
}
