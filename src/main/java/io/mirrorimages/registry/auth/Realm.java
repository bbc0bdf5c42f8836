package io.mirrorimages.registry.auth;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Redirects;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.secret.Secrets;
import io.mirrorimages.tls.Trust;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Judges the token service that a challenge names: any server that answers for a registry can name
 * any service (GHSA-28r5-37g7-p6mp, CVE-2019-10214), and that service sees the credentials.
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
   * refused. Credentials go to the same host, within the same registrable name (as {@code
   * auth.docker.io} for {@code registry-1.docker.io}), and where a user said so; others are asked
   * anonymously.
   */
  public static Realm of(String realm, Url registry, Trust trust) throws TransferException {
    Url url;
    try {
      url = registry.resolve(PORT_TWICE.matcher(realm).replaceFirst("$1$2"));
    } catch (IllegalArgumentException e) {
      throw new TransferException(
          FailureKind.DENIED,
          registry.authority() + " names a token service that is no address",
          e);
    }
    Secrets.addQuery(url.target());
    return of(url.keepingHttpsOf(registry), registry, trust);
  }

  private static Realm of(Url url, Url registry, Trust trust) throws TransferException {
    if (registry.isHttps() && !url.isHttps()) {
      throw new TransferException(
          FailureKind.DENIED,
          registry.authority()
              + " wants its tokens fetched over plain http, at "
              + url.authority()
              + "; refused");
    }
    return new Realm(
        url,
        url.host().equals(registry.host())
            || RegistrableName.isShared(url.host(), registry.host())
            || trust.isTokenService(url.host(), url.port()));
  }

  /**
   * Redirects of a token service: each hop is judged as if the registry had named it, since the
   * registry is shown what comes in the end.
   */
  public static Redirects redirects(Url registry, Trust trust, Transport transport) {
    return new Redirects(
        transport, (call, from, to) -> of(to, registry, trust).refuseInternal(registry, transport));
  }

  /**
   * Refuses a token service inside the own network that has nothing to do with the registry: what
   * it answers, which others can't ask for, would be shown to the registry. Looks the name up.
   */
  public void refuseInternal(Url registry, Transport transport) throws IOException {
    if (!trusted && !isPublic(transport)) {
      throw new TransferException(
          FailureKind.DENIED,
          registry.authority()
              + " names "
              + url.authority()
              + " as its token service, an address that is not public: not asked, since the"
              + " registry would be shown what it answers; if it belongs to the registry: "
              + remedy());
    }
  }

  /** A name that only a proxy can look up is reached by that proxy only. */
  private boolean isPublic(Transport transport) throws IOException {
    try {
      return PublicHost.is(url.bareHost());
    } catch (UnknownHostException e) {
      if (transport.proxyOf(url).isPresent()) {
        return true;
      }
      throw Failures.of(e, url, transport);
    }
  }

  /**
   * The same failure to reach it, or a better word for it: a registry that is reached by http names
   * an https of its own where it was set up for a proxy with TLS.
   */
  public IOException explained(IOException failure, Url registry) {
    boolean noTls =
        failure instanceof TransferException known
            && !known.isTransient()
            && known.getCause() instanceof SSLException;
    return noTls && url.isHttps() && !registry.isHttps() && url.host().equals(registry.host())
        ? new TransferException(
            FailureKind.NETWORK,
            registry.authority()
                + " is reached by http, but names its token service with https, which nothing"
                + " speaks there ("
                + "https://"
                + url.authority()
                + "): set its own address (Harbor: external_url) to http, or reach it by the https"
                + " that it names",
            failure)
        : failure;
  }

  /** How a user says that it may be told the credentials. */
  public String remedy() {
    return Setting.TRUST_TOKEN_SERVICE + " " + url.authority();
  }
}
