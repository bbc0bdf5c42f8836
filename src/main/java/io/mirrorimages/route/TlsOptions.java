package io.mirrorimages.route;

import io.mirrorimages.image.InvalidContentException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What a user said about the connections to one side.
 *
 * @param caFile PEM certificates to trust beside the system's
 * @param certFile PEM certificate chain that this side is shown, own certificate first
 * @param keyFile its private key, PEM in PKCS#8
 * @param insecureSkipVerify whether any certificate is taken, for any name
 * @param plainHttp whether http is spoken instead of https
 */
public record TlsOptions(
    Optional<Path> caFile,
    Optional<Path> certFile,
    Optional<Path> keyFile,
    boolean insecureSkipVerify,
    boolean plainHttp) {
  /** What the JDK itself says of TLS 1.3, where certificates do not tell. */
  private static final String ANY_KEY_EXCHANGE = "UNKNOWN";

  /** Refuses a certificate without key and a key without certificate. */
  public TlsOptions {
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new InvalidContentException("--cert-file and --key-file go together: give both");
    }
  }

  /** The system's certificates, https. */
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
    return context(keyManagers());
  }

  /**
   * The context for every other server, for example one that a registry redirects to: it never sees
   * the client certificate.
   */
  public SSLContext foreignContext() {
    return context(null);
  }

  /**
   * Why a chain that a server has shown is not trusted; empty if it is. What it is called is not
   * looked at, nor {@link #insecureSkipVerify}.
   *
   * @param chain the server's own certificate first
   */
  public Optional<CertificateException> distrust(List<X509Certificate> chain) {
    TlsOptions strict = new TlsOptions(caFile, certFile, keyFile, false, plainHttp);
    try {
      TrustManager[] asked = strict.trustManagers();
      for (TrustManager manager : asked == null ? managers(null) : asked) {
        if (manager instanceof X509TrustManager trust) {
          trust.checkServerTrusted(chain.toArray(X509Certificate[]::new), ANY_KEY_EXCHANGE);
        }
      }
      return Optional.empty();
    } catch (CertificateException e) {
      return Optional.of(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK knows certificates", e);
    }
  }

  private SSLContext context(KeyManager[] keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK speaks TLS", e);
    }
  }

  /** Null stands for the JDK's own. */
  private TrustManager[] trustManagers() throws GeneralSecurityException {
    if (insecureSkipVerify) {
      return new TrustManager[] {new TrustEverything()};
    }
    if (caFile.isEmpty()) {
      return null;
    }
    List<X509Certificate> authorities = PemFiles.certificates(caFile.get());
    KeyStore anchors = PemFiles.emptyStore();
    int index = 0;
    for (TrustManager system : managers(null)) {
      if (system instanceof X509TrustManager trust) {
        for (X509Certificate root : trust.getAcceptedIssuers()) {
          anchors.setCertificateEntry("system-" + index++, root);
        }
      }
    }
    for (X509Certificate authority : authorities) {
      anchors.setCertificateEntry("given-" + index++, authority);
    }
    return managers(anchors);
  }

  private static TrustManager[] managers(KeyStore anchors) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    return factory.getTrustManagers();
  }

  private KeyManager[] keyManagers() {
    if (certFile.isEmpty()) {
      return null;
    }
    return CertifiedKey.managers(certFile.get(), keyFile.orElseThrow());
  }
}
