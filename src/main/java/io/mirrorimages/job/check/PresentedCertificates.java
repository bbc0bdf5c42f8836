package io.mirrorimages.job.check;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.job.check.AttemptAnswer.AttemptState;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.GivenCertificate;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds client certificates of a configuration that are those of the servers themselves. */
final class PresentedCertificates {
  private static final Set<AttemptState> ASKED =
      Set.of(AttemptState.FOUND, AttemptState.ABSENT, AttemptState.DENIED, AttemptState.FAILED);

  private final Registries registries;
  private final SilenceWatch watch;
  private final Map<String, List<X509Certificate>> known = new HashMap<>();

  PresentedCertificates(Registries registries, SilenceWatch watch) {
    this.registries = registries;
    this.watch = watch;
  }

  /** Makes one connection to each server that was asked with a client certificate. */
  void compare(Collection<CheckedImage> images, FindingLog findings) {
    if (findings.certificates().isEmpty()) {
      return;
    }
    images.stream()
        .flatMap(image -> image.answers().stream())
        .filter(answer -> ASKED.contains(answer.state()))
        .map(AttemptAnswer::attempt)
        .filter(attempt -> attempt.scheme().equals("https"))
        .forEach(attempt -> compare(attempt, findings));
  }

  private void compare(NodeAttempt attempt, FindingLog findings) {
    for (GivenCertificate given : findings.certificates()) {
      Optional<Path> shown = attempt.tls().certFile();
      if (shown.filter(given.certificate()::equals).isPresent()
          && first(given).filter(of(attempt)::contains).isPresent()) {
        given.isServers("that " + attempt.host() + " itself presents", findings);
      }
    }
  }

  private static Optional<X509Certificate> first(GivenCertificate given) {
    try {
      return Optional.of(PemFiles.certificates(given.certificate()).getFirst());
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  /** None of a server that ends the handshake: its attempt says why. */
  private List<X509Certificate> of(NodeAttempt attempt) {
    return known.computeIfAbsent(
        attempt.host(),
        host -> {
          try {
            return watch.over(host, () -> registries.presented(CheckJob.endpoint(attempt)));
          } catch (IOException | InvalidContentException e) {
            return List.of();
          }
        });
  }
}
