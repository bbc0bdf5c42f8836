package io.mirrorimages.doctor;

import io.mirrorimages.harbor.Harbor;
import io.mirrorimages.registry.client.ConnectionDiagnostics.Hello;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks what it is: Harbor, another registry, or something else altogether. */
final class RegistryCheck implements Check {
  private final DoctorContext site;

  RegistryCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.REGISTRY;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.TLS);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    Hello hello = site.hello();
    boolean registry = !hello.webPage() && (hello.status() == 200 || hello.status() == 401);
    if (!registry) {
      return List.of(
          CheckResult.failure(
              subject(),
              "/v2/ is answered with "
                  + (hello.webPage() ? "a web page, status " : "status ")
                  + hello.status(),
              hello.status() >= 500
                  ? "look into the logs of the registry, and of what stands before it"
                  : "it is not a registry: check the host and the port"));
    }
    Optional<Harbor> harbor = Harbor.at(site.registries(), site.registry());
    harbor.ifPresent(site::isHarbor);
    String software =
        hello.software().isEmpty() ? "" : " (its Server header: " + hello.software() + ")";
    return List.of(
        CheckResult.ok(
            subject(),
            harbor.isPresent()
                ? "a Harbor"
                : "a registry, but no Harbor"
                    + software
                    + ": projects and quota are not asked for"));
  }
}
