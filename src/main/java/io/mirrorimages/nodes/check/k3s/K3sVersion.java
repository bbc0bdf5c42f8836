package io.mirrorimages.nodes.check.k3s;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of K3s or RKE2, which is that of its Kubernetes with a suffix.
 *
 * @param minor as 31 in {@code v1.31.5+rke2r1}
 * @param patch as 5 there
 * @param isK3s whether the suffix is K3s's
 * @param isRke2 whether it is RKE2's; neither, without suffix
 */
public record K3sVersion(int minor, int patch, boolean isK3s, boolean isRke2) {
  /** The newest whose rules are known here. */
  public static final String NEWEST_KNOWN = "1.36";

  /** hosts.toml in place of config.toml, the switch for the default endpoint, embedded registry. */
  static final List<String> HOSTS_TOML = List.of("1.26.13", "1.27.10", "1.28.6", "1.29.1");

  /** The default endpoint below "*", and endpoints that are there twice. */
  static final List<String> WILDCARD = List.of("1.26.15", "1.27.12", "1.28.8", "1.29.3");

  /** The bootstrap asks the registry itself without rewrites. */
  static final List<String> BOOTSTRAP_DEFAULT = List.of("1.31.5", "1.32.0");

  /** RKE2's system-default-registry may have a path. */
  static final List<String> DEFAULT_WITH_PATH = List.of("1.33.10", "1.34.6", "1.35.3", "1.36.0");

  private static final Pattern FORM =
      Pattern.compile("v?1[.](\\d{1,3})[.](\\d{1,3})(?:[+-](k3s|rke2r)\\d{1,3})?");

  /**
   * Reads {@code v1.31.5+rke2r1}, {@code v1.31.5-k3s1} or {@code 1.31.5}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static K3sVersion parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException("not a version of K3s or RKE2");
    }
    return new K3sVersion(
        Integer.parseInt(form.group(1)),
        Integer.parseInt(form.group(2)),
        "k3s".equals(form.group(3)),
        "rke2r".equals(form.group(3)));
  }

  /**
   * Whether it has what came with some versions.
   *
   * @param first the first one of each minor version, the oldest first; older minor versions never
   *     got it, newer ones have it from the beginning
   */
  boolean has(List<String> first) {
    List<K3sVersion> all = first.stream().map(K3sVersion::parse).toList();
    return minor > all.getLast().minor()
        || all.stream().anyMatch(one -> one.minor() == minor && patch >= one.patch());
  }

  /** As in {@code v1.31.5}. */
  @Override
  public String toString() {
    return "v1." + minor + "." + patch;
  }
}
