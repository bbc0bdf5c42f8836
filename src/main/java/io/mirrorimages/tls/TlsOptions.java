package io.mirrorimages.tls;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.InvalidContentException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a user said about the connections to one side.
 *
 * @param caFile PEM certificates to trust beside the system's
 * @param certFile PEM certificate chain that this side is shown, own certificate first
 * @param keyFile its private key, PEM in PKCS#8
 * @param insecureSkipVerify whether any certificate is taken, for any name
 * @param plainHttp whether http is spoken instead of https
 * @param kept what this machine keeps for other programs
 */
public record TlsOptions(
    Optional<Path> caFile,
    Optional<Path> certFile,
    Optional<Path> keyFile,
    boolean insecureSkipVerify,
    boolean plainHttp,
    KeptCertificates kept) {
  /** What the JDK itself says of TLS 1.3, where certificates do not tell. */
  private static final String ANY_KEY_EXCHANGE = "UNKNOWN";

  /** Refuses a certificate without key and a key without certificate. */
  public TlsOptions {
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new InvalidContentException(
          Setting.CERT_FILE + " and " + Setting.KEY_FILE + " go together: give both");
    }
  }

  /** On a machine that keeps nothing. */
  public TlsOptions(
      Optional<Path> caFile,
      Optional<Path> certFile,
      Optional<Path> keyFile,
      boolean insecureSkipVerify,
      boolean plainHttp) {
    this(caFile, certFile, keyFile, insecureSkipVerify, plainHttp, KeptCertificates.none());
  }

  /** The same on a machine that keeps these. */
  public TlsOptions with(KeptCertificates other) {
    return new TlsOptions(caFile, certFile, keyFile, insecureSkipVerify, plainHttp, other);
  }

  /** The same without the client certificate that was named. */
  public TlsOptions withoutCertificate() {
    return new TlsOptions(
        caFile, Optional.empty(), Optional.empty(), insecureSkipVerify, plainHttp, kept);
  }

  /** The same, with any certificate being good enough. */
  public TlsOptions takingAny() {
    return new TlsOptions(caFile, certFile, keyFile, true, plainHttp, kept);
  }

  /** Java's own certificates, https. */
  public static TlsOptions defaults() {
    return new TlsOptions(Optional.empty(), Optional.empty(), Optional.empty(), false, false);
  }

  /** Whether the user said something about certificates, so that https is meant. */
  public boolean asksForTls() {
    return caFile.isPresent() || certFile.isPresent() || insecureSkipVerify;
  }

  /**
   * The context for connections to the registries themselves, which are shown the client
   * certificate. Reads the files.
   *
   * @throws InvalidContentException with a line for the user, if a file can't be used
   */
  public SSLContext registryContext() {
    return context(keyManagers(KeptCertificates.OfHost.NOTHING), List.of());
  }

  /**
   * The same for one registry, with what is kept for it: more authorities, and a client certificate
   * where none was named.
   *
   * @param host name or address, IPv6 without brackets
   */
  public SSLContext registryContext(String host, int port) {
    KeptCertificates.OfHost found = kept.of(host, port);
    return context(keyManagers(found), found.authorities());
  }

  /** Whether anything is kept for a server. */
  public boolean hasKept(String host, int port) {
    return !kept.of(host, port).isEmpty();
  }

  /** The authorities that are kept for a server. */
  public List<X509Certificate> authoritiesFor(String host, int port) {
    return kept.of(host, port).authorities();
  }

  /**
   * The context for every other server, for example one that a registry redirects to: it never sees
   * the client certificate.
   *
   * @param authorities whom to trust too
   */
  public SSLContext foreignContext(List<X509Certificate> authorities) {
    return context(null, authorities);
  }

  /**
   * Why a chain that a server has shown is not trusted; empty if it is. What it is called is not
   * looked at, nor {@link #insecureSkipVerify}.
   *
   * @param chain the server's own certificate first
   * @param host name or address, IPv6 without brackets
   */
  public Optional<CertificateException> distrust(
      List<X509Certificate> chain, String host, int port) {
    try {
      trust(authoritiesFor(host, port))
          .checkServerTrusted(chain.toArray(X509Certificate[]::new), ANY_KEY_EXCHANGE);
      return Optional.empty();
    } catch (CertificateException e) {
      return Optional.of(e);
    }
  }

  private SSLContext context(KeyManager @Nullable [] keys, List<X509Certificate> authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager trust = insecureSkipVerify ? new TrustEverything() : trust(authorities);
      context.init(keys, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK speaks TLS", e);
    }
  }

  private X509ExtendedTrustManager trust(List<X509Certificate> authorities) {
    List<X509Certificate> given = new ArrayList<>(authorities);
    caFile.ifPresent(file -> given.addAll(PemFiles.certificates(file)));
    return new LayeredTrust(
        besideJavas(given),
        () -> {
          List<X509Certificate> all = new ArrayList<>(given);
          all.addAll(kept.authorities());
          return besideJavas(all);
        });
  }

  /** Trusts these, and whom Java trusts. */
  private static X509ExtendedTrustManager besideJavas(List<X509Certificate> authorities) {
    try {
      X509ExtendedTrustManager javas = manager(null);
      if (authorities.isEmpty()) {
        return javas;
      }
      KeyStore anchors = PemFiles.emptyStore();
      int index = 0;
      for (X509Certificate root : javas.getAcceptedIssuers()) {
        anchors.setCertificateEntry("java-" + index++, root);
      }
      for (X509Certificate authority : authorities) {
        anchors.setCertificateEntry("given-" + index++, authority);
      }
      return manager(anchors);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK knows certificates", e);
    }
  }

  /** Of the anchors, or, for null, of Java's own. */
  private static X509ExtendedTrustManager manager(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  private KeyManager @Nullable [] keyManagers(KeptCertificates.OfHost found) {
    if (certFile.isPresent()) {
      return CertifiedKey.managers(certFile.get(), keyFile.orElseThrow());
    }
    return found
        .certFile()
        .map(cert -> CertifiedKey.managers(cert, found.keyFile().orElseThrow()))
        .orElse(null);
  }
}
