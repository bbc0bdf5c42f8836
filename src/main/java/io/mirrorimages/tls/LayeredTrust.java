package io.mirrorimages.tls;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks against the authorities at hand, and loads more only where they do not suffice: reading
 * the system's takes time that most connections need not spend. Thread-safe.
 */
final class LayeredTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager first;
  private final Supplier<X509ExtendedTrustManager> maker;

  @GuardedBy("this")
  private @Nullable X509ExtendedTrustManager all;

  /**
   * Trusts as {@code first} does, and else as what {@code all} makes, whose refusal is the one that
   * is thrown.
   */
  LayeredTrust(X509ExtendedTrustManager first, Supplier<X509ExtendedTrustManager> all) {
    this.first = first;
    this.maker = all;
  }

  /** One check of a chain. */
  @FunctionalInterface
  private interface ChainCheck {
    void by(X509ExtendedTrustManager manager) throws CertificateException;
  }

  private void check(ChainCheck check) throws CertificateException {
    try {
      check.by(first);
    } catch (CertificateException | RuntimeException e) {
      // Java's own has no better exception for not a single authority.
      check.by(all());
    }
  }

  private synchronized X509ExtendedTrustManager all() {
    if (all == null) {
      all = maker.get();
    }
    return all;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(manager -> manager.checkClientTrusted(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(manager -> manager.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(manager -> manager.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return first.getAcceptedIssuers();
  }
}
