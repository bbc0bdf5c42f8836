package io.mirrorimages.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has the JDK's web server read its settings before the first test of a JVM. It does so once; else
 * the limits of {@code serve} would hold for the servers of all tests, or not, by which came first.
 */
public final class ServerLimits implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      HttpServer.create().stop(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
