package io.mirrorimages.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Side;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
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
