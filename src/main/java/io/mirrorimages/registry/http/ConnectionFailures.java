package io.mirrorimages.registry.http;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.Side;
import io.mirrorimages.failure.SilentHost;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.wire.ContentException;
import io.mirrorimages.registry.http.wire.TooSlowException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/** What the many exceptions of a connection mean to a user, in one line each. */
final class ConnectionFailures {
  private ConnectionFailures() {}

  /**
   * The failure to be thrown instead of {@code e}.
   *
   * @param proxy what stood in between
   * @param side whose settings it advises
   */
  static IOException of(IOException e, Url url, Optional<String> proxy, Side side) {
    if (e instanceof TransferException) {
      return e;
    }
    if (e instanceof ContentException content) {
      return content.original();
    }
    boolean timeout = e instanceof SocketTimeoutException;
    if (Thread.currentThread().isInterrupted()
        || (e instanceof InterruptedIOException && !timeout)) {
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      return interrupted;
    }
    String through = proxy.map(p -> " through the proxy " + p).orElse("");
    // What a connection is made to is the proxy, if there is one.
    String other = proxy.isPresent() ? "the proxy" : "it";
    String by = proxy.map(p -> " by the proxy " + p).orElse("");
    String unreachable = "cannot reach " + url.authority() + through + ": ";
    return switch (e) {
      case UnknownHostException unknown ->
          // A name server may be out of order for a while; a mistyped name is found before work
          // begins.
          silent(
              url,
              "unknown host" + through,
              unreachable + "unknown host" + ofProxy(proxy) + "; check the name and the DNS",
              e);
      case ConnectTimeoutException slow when url.isHttps() && isAboutReading(slow) ->
          silent(
              url,
              "no TLS answer in time" + through,
              unreachable
                  + "it takes connections, but has not answered the TLS handshake in time; is it"
                  + " overloaded, does it speak https there?",
              e);
      case ConnectTimeoutException slow ->
          silent(
              url,
              "no connection in time" + through,
              unreachable
                  + "no connection in time; is "
                  + other
                  + " up, and does a firewall let it?",
              e);
      case ConnectException refused ->
          silent(
              url,
              "connection refused" + by,
              unreachable + "connection refused; is " + other + " running, is the port right?",
              e);
      case NoRouteToHostException noRoute ->
          silent(url, "no route to it" + through, unreachable + "no route to the host", e);
      case SSLException tls -> tls(tls, url, through, side);
      case TooSlowException slow ->
          TransferException.passing(
              FailureKind.NETWORK,
              url.authority() + through + " is too slow: " + slow.getMessage(),
              e,
              Optional.empty());
      case SocketTimeoutException silent ->
          silent(
              url,
              "silent" + through,
              url.authority() + " has gone silent" + through + ": no byte in time",
              e);
      default ->
          silent(
              url,
              "connection broken" + through,
              "the connection to " + url.authority() + through + " broke: " + ErrorText.line(e),
              e);
    };
  }

  /** The HTTP client gives a silent handshake the type of a connection that was not made. */
  private static boolean isAboutReading(ConnectTimeoutException e) {
    return String.valueOf(e.getMessage()).contains("Read timed out");
  }

  private static String ofProxy(Optional<String> proxy) {
    return proxy.isPresent() ? " (the registry's or the proxy's)" : "";
  }

  private static TransferException tls(SSLException e, Url url, String through, Side side) {
    String host = url.authority();
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (e instanceof SSLPeerUnverifiedException || said.contains("subject alternative")) {
      return fatal(
          "the certificate of "
              + host
              + " is not for this name: "
              + ErrorText.line(e)
              + "; use the name that is in the certificate",
          e);
    }
    Throwable innermost = innermost(e);
    if (innermost instanceof CertificateNotYetValidException
        || innermost instanceof CertificateExpiredException) {
      boolean early = innermost instanceof CertificateNotYetValidException;
      return fatal(
          "the certificate of "
              + host
              + (early ? " is not valid yet" : " has expired")
              + " by this machine's clock, which says "
              + Instant.now().truncatedTo(ChronoUnit.MINUTES)
              + " ("
              + ErrorText.line(innermost)
              + "): set the clock"
              + (early ? "" : ", or renew the certificate"),
          e);
    }
    if (isAboutTrust(e)) {
      return fatal(
          "the certificate of "
              + host
              + " is not trusted ("
              + distrust(e)
              + "): name its CA with "
              + side.mark(Setting.CA_FILE),
          e);
    }
    if (said.contains("bad_certificate") || said.contains("certificate_required")) {
      return fatal(
          host
              + " wants a client certificate it knows: give "
              + side.mark(Setting.CERT_FILE)
              + " and "
              + side.mark(Setting.KEY_FILE),
          e);
    }
    if (speaksNoTls(e)) {
      return fatal(
          host
              + through
              + " does not speak https; if plain http is meant, say "
              + side.mark(Setting.PLAIN_HTTP),
          e);
    }
    return silent(
        url,
        "no TLS connection" + through,
        "no TLS connection to " + host + through + ": " + ErrorText.line(e),
        e);
  }

  /** Whether the other end answered the handshake with something else than TLS. */
  private static boolean speaksNoTls(SSLException e) {
    String said = String.valueOf(e.getMessage());
    return said.contains("Unsupported or unrecognized SSL message")
        || said.contains("plaintext connection");
  }

  /** The JDK's words are about its classes, except for the innermost cause. */
  private static String distrust(Throwable failure) {
    Throwable innermost = innermost(failure);
    boolean nobodyKnown =
        innermost instanceof CertPathBuilderException
            || (innermost instanceof CertPathValidatorException path
                && path.getReason() == PKIXReason.NO_TRUST_ANCHOR);
    return nobodyKnown ? "no known CA has signed it" : ErrorText.line(innermost);
  }

  private static Throwable innermost(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost;
  }

  private static boolean isAboutTrust(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof CertificateException
          || e instanceof CertPathValidatorException
          || e instanceof CertPathBuilderException) {
        return true;
      }
    }
    return false;
  }

  private static TransferException silent(
      Url url, String symptom, String message, Throwable cause) {
    return TransferException.unanswered(new SilentHost(url.server(), symptom), message, cause);
  }

  private static TransferException fatal(String message, Throwable cause) {
    return new TransferException(FailureKind.NETWORK, message, cause);
  }
}
