package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.TestSettings;
import io.mirrorimages.registry.client.ConnectionDiagnostics.Certificates;
import io.mirrorimages.testing.Authority;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of certificates at a given time. */
class TlsCheckTest {
  @TempDir static Path folder;
  private static X509Certificate authority;
  private static X509Certificate own;
  private static X509Certificate nameless;
  private TestSite there;

  @BeforeAll
  static void sign() throws IOException, CertificateException {
    Authority issuer = new Authority(folder);
    authority = read(issuer.certificate());
    own = read(issuer.issue("harbor.example", true, 100).certificate());
    nameless = read(issuer.issue("old.example", false, 100).certificate());
  }

  private static X509Certificate read(Path pem) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(pem)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @BeforeEach
  void start() throws IOException {
    there = new TestSite();
  }

  @AfterEach
  void stop() {
    there.close();
  }

  private static Certificates chain(boolean named, X509Certificate... chain) {
    return new Certificates(List.of(chain), "TLSv1.3", named, Optional.empty());
  }

  private static Certificates distrusted(Exception why, X509Certificate... chain) {
    return new Certificates(List.of(chain), "TLSv1.3", true, Optional.of(why));
  }

  private List<CheckResult> at(Instant now, Certificates shown) {
    return new TlsCheck(there.site(), () -> now).judge(shown);
  }

  /** So long before the end of the server's certificate. */
  private static Instant before(Duration end) {
    return own.getNotAfter().toInstant().minus(end);
  }

  @Test
  void aCertificateIsDescribed() {
    assertThat(at(before(Duration.ofDays(90)), chain(true, own, authority)))
        .singleElement()
        .matches(found -> found.verdict() == Verdict.OK)
        .matches(
            found ->
                found
                    .finding()
                    .startsWith(
                        "TLSv1.3, certificate of CN=harbor.example by CN=Test-CA, until 20"));
  }

  @Test
  void warnsOfOneThatExpiresSoon() {
    assertThat(at(before(Duration.ofDays(30)), chain(true, own))).hasSize(1);
    List<CheckResult> found = at(before(Duration.ofDays(30).minusSeconds(1)), chain(true, own));

    assertThat(found).extracting(CheckResult::verdict).containsExactly(Verdict.OK, Verdict.WARNING);
    assertThat(found.getLast().text())
        .startsWith("the certificate of CN=harbor.example expires in 29 days, on 20")
        .endsWith(": renew it before");
    assertThat(at(before(Duration.ofHours(30)), chain(true, own)).getLast().finding())
        .contains("expires in 1 day, on");
  }

  @Test
  void refusesOneThatExpired() {
    List<CheckResult> found = at(before(Duration.ofDays(-2)), chain(true, own));

    assertThat(found).singleElement().matches(f -> f.verdict() == Verdict.FAILURE);
    assertThat(found.getFirst().text()).contains("expired on 20", "(2 days ago): renew it");
  }

  @Test
  void refusesOneOfTheFuture() {
    Instant early = own.getNotBefore().toInstant().minusSeconds(90_000);
    List<CheckResult> found = at(early, chain(true, own, authority));

    assertThat(found)
        .as("and its authority, which is as young")
        .hasSize(2)
        .allMatch(f -> f.verdict() == Verdict.FAILURE)
        .allMatch(f -> f.text().contains(" on only: set this machine's clock, if today is not"));
  }

  @Test
  void refusesOneForAnotherName() {
    Instant now = before(Duration.ofDays(90));

    assertThat(at(now, chain(false, own)).getFirst().finding())
        .isEqualTo("the certificate is for harbor.example, not for 127.0.0.1");
    assertThat(at(now, chain(false, nameless)).getFirst().finding())
        .isEqualTo("the certificate is for CN=old.example, not for 127.0.0.1");
    assertThat(at(now, chain(false, own)).getFirst().verdict()).isEqualTo(Verdict.FAILURE);
  }

  @Test
  void warnsOfOneWithoutAlternativeName() {
    assertThat(at(before(Duration.ofDays(90)), chain(true, nameless)).getLast())
        .matches(found -> found.verdict() == Verdict.WARNING)
        .matches(found -> found.finding().startsWith("the certificate has no subject alternative"));
  }

  @Test
  void saysWhoSignedWhatNobodyHereKnows() {
    Instant now = before(Duration.ofDays(90));
    Exception unknown =
        new CertificateException(new IOException(new CertPathBuilderException("no path")));

    assertThat(at(now, distrusted(unknown, own)))
        .containsExactly(
            CheckResult.failure(
                CheckId.TLS,
                "no authority that is known here has signed the certificate; it is signed by"
                    + " CN=Test-CA",
                "name its CA with {setting ca-file}, or let the server send those in between too,"
                    + " if there are any"));
    assertThat(at(now, distrusted(unknown, own, authority)).getFirst().text())
        .contains("the last of the 2 that were sent is signed by CN=Test-CA")
        .endsWith(": name its CA with {setting ca-file}");
  }

  @Test
  void namesTheCopyOfASelfSignedOneAsTheRemedy() {
    Exception unknown =
        new CertificateException(
            new CertPathValidatorException("", null, null, -1, PKIXReason.NO_TRUST_ANCHOR));

    assertThat(at(before(Duration.ofDays(90)), distrusted(unknown, authority)))
        .contains(
            CheckResult.failure(
                CheckId.TLS,
                "the certificate is self-signed, and not known here",
                "copy it from the registry's host, and name that copy with {setting ca-file}"));
  }

  @Test
  void saysWhatElseIsWrongUnlessItHasBeenSaid() {
    Exception other = new CertificateException("bad signature");

    assertThat(at(before(Duration.ofDays(90)), distrusted(other, own)).getFirst().finding())
        .isEqualTo("the certificate is not trusted (bad signature)");
    assertThat(at(before(Duration.ofDays(-2)), distrusted(other, own))).hasSize(1);
  }

  @Test
  void whoTakesAnyCertificateIsOnlyWarned() throws IOException {
    try (TestSite careless =
        new TestSite(TestSettings.quick().with(TlsOptions.defaults().takingAny()))) {
      List<CheckResult> found =
          new TlsCheck(careless.site(), () -> before(Duration.ofDays(-2))).judge(chain(false, own));

      assertThat(found)
          .extracting(CheckResult::verdict)
          .containsExactly(Verdict.OK, Verdict.WARNING, Verdict.WARNING);
      assertThat(found.getLast().finding())
          .endsWith(" (taken all the same, by {setting insecure-skip-verify})");
    }
  }

  @Test
  void plainHttpIsFineOnThisMachine() throws IOException {
    assertThat(new TlsCheck(there.site()).look())
        .containsExactly(CheckResult.ok(CheckId.TLS, "plain http, which stays on this machine"));
  }
}
