package io.mirrorimages.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Makes a connection, through the proxy if there is one. */
final class ConnectionCheck implements Check {
  private final DoctorContext site;

  ConnectionCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.CONNECTION;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of(CheckId.DNS);
  }

  @Override
  public List<CheckResult> look() throws IOException {
    List<String> silent = site.contact().connect();
    String through = site.contact().proxy().map(p -> ", through the proxy " + p).orElse("");
    String found = site.contact().address() + " takes connections" + through;
    return List.of(
        silent.isEmpty()
            ? CheckResult.ok(subject(), found)
            : CheckResult.warning(
                subject(),
                found + ", but not at " + String.join(", ", silent),
                "take the addresses where nothing listens out of the DNS: each costs time"));
  }
}
