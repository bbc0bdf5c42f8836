package io.mirrorimages.registry.auth;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/** Whether two hosts belong to one owner, as far as their names tell. */
final class RegistrableName {
  /**
   * {@code 10.0.0.1}, {@code 127.1}, {@code 0x7f.1}, {@code [::1]}: the end of those is no name.
   */
  private static final Pattern ADDRESS = Pattern.compile("\\[.*|.*[.]?(?:[0-9]+|0x[0-9a-f]*)[.]?");

  /**
   * Below these each name is another customer's, address's or namespace's, and the public list does
   * not say so of all of them.
   */
  private static final List<String> SHARED =
      List.of(
          "amazonaws.com",
          "amazonaws.com.cn",
          "azurecr.cn",
          "azurecr.io",
          "azurecr.us",
          "cluster.local",
          "gcr.io",
          "jfrog.io",
          "localtest.me",
          "nip.io",
          "on.aws",
          "pkg.dev",
          "sslip.io",
          "tencentcloudcr.com",
          "traefik.me",
          "xip.io");

  private RegistrableName() {}

  /** Whether both are names, below the same one that can be registered. */
  static boolean isShared(String one, String other) {
    if (isOfMany(one) || isOfMany(other)) {
      return false;
    }
    String domain = Suffixes.LIST.getDomainRoot(one);
    return domain != null && domain.equals(Suffixes.LIST.getDomainRoot(other));
  }

  private static boolean isOfMany(String host) {
    return ADDRESS.matcher(host).matches()
        || SHARED.stream().anyMatch(s -> host.equals(s) || host.endsWith("." + s));
  }

  /** Read when first needed: the list is long. */
  private static final class Suffixes {
    private static final PublicSuffixMatcher LIST = PublicSuffixMatcherLoader.getDefault();
  }
}
