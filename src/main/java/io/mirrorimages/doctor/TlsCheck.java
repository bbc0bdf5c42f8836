package io.mirrorimages.doctor;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.registry.client.ConnectionDiagnostics.Certificates;
import io.mirrorimages.route.Loopback;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at the certificates that the registry shows: for which name, until when, signed by whom.
 * All that is wrong is said at once, where a connection would only tell the first of it.
 */
final class TlsCheck implements Check {
  private static final Duration SOON = Duration.ofDays(30);

  private final DoctorContext site;
  private final InstantSource clock;

  TlsCheck(DoctorContext site) {
    this(site, InstantSource.system());
  }

  /** Judges certificates by the time of {@code clock}. */
  TlsCheck(DoctorContext site, InstantSource clock) {
    this.site = site;
    this.clock = clock;
  }

  @Override
  public CheckId subject() {
    return CheckId.TLS;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.CONNECTION);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    if (!site.contact().isHttps()) {
      return List.of(withoutTls());
    }
    return judge(site.contact().certificates());
  }

  List<CheckResult> judge(Certificates shown) {
    List<CheckResult> found = new ArrayList<>();
    name(shown, found);
    dates(shown, found);
    trust(shown, found);
    if (site.contact().takesAnyCertificate()) {
      found.replaceAll(TlsCheck::asWarning);
    }
    if (found.stream().noneMatch(d -> d.verdict() == Verdict.FAILURE)) {
      found.addFirst(CheckResult.ok(subject(), describe(shown)));
    }
    return found;
  }

  private CheckResult withoutTls() {
    return Loopback.covers(site.contact().host())
        ? CheckResult.ok(subject(), "plain http, which stays on this machine")
        : CheckResult.warning(
            subject(),
            "plain http: everyone on the way can read and change what goes there, passwords too",
            "let the registry speak https, and leave out " + Setting.PLAIN_HTTP);
  }

  private void name(Certificates shown, List<CheckResult> found) {
    X509Certificate own = shown.chain().getFirst();
    List<String> names = names(own);
    String host = site.contact().host();
    if (!shown.named()) {
      found.add(
          CheckResult.failure(
              subject(),
              "the certificate is for "
                  + (names.isEmpty() ? subjectOf(own) : String.join(", ", names))
                  + ", not for "
                  + host,
              "ask for one with that name among its subject alternative names, or use the name it"
                  + " has"));
    } else if (names.isEmpty()) {
      found.add(
          CheckResult.warning(
              subject(),
              "the certificate has no subject alternative name: containerd, docker and podman"
                  + " refuse it",
              "ask for one with DNS:" + host + " among them"));
    }
  }

  private void dates(Certificates shown, List<CheckResult> found) {
    Instant now = clock.instant();
    for (X509Certificate certificate : shown.chain()) {
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      String which = "the certificate of " + subjectOf(certificate);
      if (until.isBefore(now)) {
        found.add(
            CheckResult.failure(
                subject(),
                which + " expired on " + day(until) + " (" + days(until, now) + " ago)",
                "renew it; or set this machine's clock, if today is not " + day(now)));
      } else if (from.isAfter(now)) {
        found.add(
            CheckResult.failure(
                subject(),
                which + " is valid from " + day(from) + " on only",
                "set this machine's clock, if today is not " + day(now)));
      } else if (until.isBefore(now.plus(SOON))) {
        found.add(
            CheckResult.warning(
                subject(),
                which + " expires in " + days(now, until) + ", on " + day(until),
                "renew it before"));
      }
    }
  }

  private void trust(Certificates shown, List<CheckResult> found) {
    if (shown.distrust().isEmpty()) {
      return;
    }
    Throwable innermost = shown.distrust().get();
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    X509Certificate last = shown.chain().getLast();
    boolean alone = shown.chain().size() == 1;
    if (isSignedByNobodyKnown(innermost) && alone && isSelfSigned(last)) {
      found.add(
          CheckResult.failure(
              subject(),
              "the certificate is self-signed, and not known here",
              "copy it from the registry's host, and name that copy with " + Setting.CA_FILE));
    } else if (isSignedByNobodyKnown(innermost)) {
      found.add(
          CheckResult.failure(
              subject(),
              "no authority that is known here has signed the certificate; "
                  + (alone
                      ? "it is"
                      : "the last of the " + shown.chain().size() + " that were sent is")
                  + " signed by "
                  + last.getIssuerX500Principal().getName(),
              "name its CA with "
                  + Setting.CA_FILE
                  + (isSelfSigned(last)
                      ? ""
                      : ", or let the server send those in between too, if there are any")));
    } else if (found.stream().noneMatch(d -> d.verdict() == Verdict.FAILURE)) {
      found.add(
          CheckResult.failure(
              subject(),
              "the certificate is not trusted (" + ErrorWords.of(innermost) + ")",
              "let its authority make another one"));
    }
  }

  /** The JDK says the second of a certificate that could be an authority's own. */
  private static boolean isSignedByNobodyKnown(Throwable distrust) {
    return distrust instanceof CertPathBuilderException
        || (distrust instanceof CertPathValidatorException e
            && e.getReason() == PKIXReason.NO_TRUST_ANCHOR);
  }

  private static CheckResult asWarning(CheckResult diagnosis) {
    return diagnosis.verdict() == Verdict.FAILURE
        ? CheckResult.warning(
            diagnosis.subject(),
            diagnosis.finding() + " (taken all the same, by " + Setting.INSECURE_SKIP_VERIFY + ")",
            diagnosis.remedy())
        : diagnosis;
  }

  private String describe(Certificates shown) {
    X509Certificate own = shown.chain().getFirst();
    return shown.protocol()
        + ", certificate of "
        + subjectOf(own)
        + " by "
        + own.getIssuerX500Principal().getName()
        + ", until "
        + day(own.getNotAfter().toInstant());
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
  }

  private static String subjectOf(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  /** Its subject alternative names, of hosts and addresses. */
  private static List<String> names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .map(name -> name.get(1))
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.toList());
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  private static String days(Instant from, Instant to) {
    long days = Duration.between(from, to).toDays();
    return days + (days == 1 ? " day" : " days");
  }
}
