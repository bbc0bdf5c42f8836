package io.mirrorimages.testing.harbor;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Hides the password of a real Harbor before the first test of a JVM, whichever that is. */
public final class HiddenPassword implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    HarborServer.hidePassword();
  }
}
