package io.mirrorimages.cli.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version this build has. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  /** What the tool prints of it. */
  public static String line() {
    return "mirror-images " + number();
  }

  /** For example {@code 0.1.0}. */
  public static String number() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/mirror-images.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("the build puts this file into the jar", e);
    }
    return properties.getProperty("version");
  }
}
