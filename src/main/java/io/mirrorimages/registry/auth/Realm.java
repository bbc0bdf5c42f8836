package io.mirrorimages.registry.auth;

import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.registry.http.Url;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/**
 * The token service that a challenge names, judged: anyone who can answer for a registry could name
 * any (GHSA-28r5-37g7-p6mp, CVE-2019-10214).
 *
 * @param url where tokens are asked for
 * @param trusted whether the registry's credentials may be sent there
 */
public record Realm(Url url, boolean trusted) {
  /** As Nexus names it behind a proxy that tells it host and port (sonatype/nexus-public#651). */
  private static final Pattern PORT_TWICE =
      Pattern.compile("^(https?://[^/?#:]+)(:[0-9]{1,5})\\2(?=[/?#]|$)");

  /**
   * Judges the realm that {@code registry} named. A realm on the registry's own host keeps the
   * registry's https, since Harbor behind a TLS terminator names http; any other downgrade is
   * refused. Credentials go to the same host, or within the same registrable domain (as {@code
   * auth.docker.io} for {@code registry-1.docker.io}); others are asked anonymously.
   */
  public static Realm of(String realm, Url registry) throws MirrorException {
    Url url;
    try {
      url = registry.resolve(PORT_TWICE.matcher(realm).replaceFirst("$1$2"));
    } catch (IllegalArgumentException e) {
      throw new MirrorException(
          Reason.DENIED, registry.authority() + " names a token service that is no address", e);
    }
    boolean sameHost = url.host().equals(registry.host());
    if (registry.isHttps() && !url.isHttps()) {
      if (!sameHost) {
        throw new MirrorException(
            Reason.DENIED,
            registry.authority() + " wants its tokens fetched over plain http; refused");
      }
      url =
          new Url(
              "https", url.host(), url.port() == 80 ? registry.port() : url.port(), url.target());
    }
    return new Realm(url, sameHost || sameDomain(url.host(), registry.host()));
  }

  private static boolean sameDomain(String one, String other) {
    String domain = Suffixes.LIST.getDomainRoot(one);
    return domain != null && domain.equals(Suffixes.LIST.getDomainRoot(other));
  }

  /** Read when first needed: the list is long. */
  private static final class Suffixes {
    private static final PublicSuffixMatcher LIST = PublicSuffixMatcherLoader.getDefault();
  }
}
