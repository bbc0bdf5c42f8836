package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Side;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ConnectionFailuresTest {
  @Test
  void aClockThatIsWrongIsNoMatterOfAuthorities() {
    assertThat(told(new CertificateNotYetValidException("NotBefore: Mon Jan 01 2024")))
        .contains("h.test:5000 is not valid yet", "NotBefore: Mon Jan 01 2024", "set the clock")
        .doesNotContain("{setting ca-file}");
    assertThat(told(new CertificateExpiredException("NotAfter: Mon Jan 01 2024")))
        .contains("h.test:5000 has expired", "set the clock, or renew")
        .doesNotContain("{setting ca-file}");
    assertThat(told(new CertificateException("odd"))).contains("not trusted", "{setting ca-file}");
  }

  @Test
  void theProxyIsNamedAlsoInWhatAWaitSays() {
    Url url = Url.origin("https", "h.test:5000");
    Optional<String> proxy = Optional.of("proxy.test:3128");
    ConnectException refused = new ConnectException("Connection refused");

    TransferException through =
        (TransferException) ConnectionFailures.of(refused, url, proxy, Side.ANY);
    TransferException direct =
        (TransferException) ConnectionFailures.of(refused, url, Optional.empty(), Side.ANY);

    assertThat(through)
        .hasMessage(
            "cannot reach h.test:5000 through the proxy proxy.test:3128: connection refused; is"
                + " the proxy running, is the port right?");
    assertThat(through.silentHost().orElseThrow().symptom())
        .isEqualTo("connection refused by the proxy proxy.test:3128");
    assertThat(direct.silentHost().orElseThrow().symptom()).isEqualTo("connection refused");
    for (IOException other : List.of(new SocketTimeoutException(), new IOException("broken"))) {
      TransferException failure =
          (TransferException) ConnectionFailures.of(other, url, proxy, Side.ANY);
      assertThat(failure.silentHost().orElseThrow().symptom())
          .endsWith(" through the proxy proxy.test:3128");
    }
  }

  /** Wrapped as the JDK wraps it. */
  private static String told(CertificateException cause) {
    SSLHandshakeException e = new SSLHandshakeException("PKIX path validation failed");
    e.initCause(new CertificateException(new CertPathValidatorException("validity", cause)));
    IOException told =
        ConnectionFailures.of(e, Url.origin("https", "h.test:5000"), Optional.empty(), Side.ANY);
    assertThat(told).isInstanceOf(TransferException.class);
    return told.getMessage();
  }
}
