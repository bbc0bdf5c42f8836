package io.mirrorimages.failure;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of a run that a message can advise to change. How a user gives one is not known here: a
 * message names it by a mark, its {@link #toString}, and the command line {@linkplain #named
 * replaces} the marks by its options.
 */
public enum Setting {
  ALLOW_HTTP_REDIRECT,
  ALLOW_MISSING_FOREIGN_LAYERS,
  ARCHIVE,
  CA_FILE,
  CERT_FILE,
  CHUNK_SIZE,
  CREATE_PROJECTS,
  FAILED,
  INSECURE_SKIP_VERIFY,
  KEY_FILE,
  LIST,
  MAP,
  MAPPING,
  METRICS,
  NAME,
  OUTPUT,
  OVERWRITE,
  PASSWORD_STDIN,
  PLAIN_HTTP,
  PLATFORM,
  PROJECT_QUOTA,
  REFRESH,
  REGISTRY,
  REPORT,
  RETRY_MAX_WAIT,
  STATE,
  TRUST_TOKEN_SERVICE,
  USERNAME,
  VOLUME_SIZE,
  WITH_TOOL,
  WORK_DIR;

  private static final Pattern MARK = Pattern.compile("\\{setting (?:(source|target) )?([a-z-]+)}");

  /** Its name in lower case, words divided by hyphens. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The mark that stands for it in messages. */
  @Override
  public String toString() {
    return "{setting " + id() + "}";
  }

  /** The text with {@code naming}'s words in place of each mark; other text stays as it is. */
  public static String named(String text, SettingNames naming) {
    if (!text.contains("{setting ")) {
      return text;
    }
    Matcher marks = MARK.matcher(text);
    return marks.replaceAll(
        mark -> {
          for (Setting setting : values()) {
            if (setting.id().equals(mark.group(2))) {
              return Matcher.quoteReplacement(
                  mark.group(1) == null
                      ? naming.of(setting)
                      : naming.of(setting, Side.valueOf(mark.group(1).toUpperCase(Locale.ROOT))));
            }
          }
          return Matcher.quoteReplacement(mark.group());
        });
  }
}
