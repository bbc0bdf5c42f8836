package io.mirrorimages.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Makes a connection, through the proxy if there is one. */
final class ConnectionCheck implements Check {
  private final Site site;

  ConnectionCheck(Site site) {
    this.site = site;
  }

  @Override
  public Subject subject() {
    return Subject.CONNECTION;
  }

  @Override
  public Set<Subject> needs() {
    return Set.of(Subject.DNS);
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    List<String> silent = site.contact().connect();
    String through = site.contact().proxy().map(p -> ", through the proxy " + p).orElse("");
    String found = site.contact().address() + " takes connections" + through;
    return List.of(
        silent.isEmpty()
            ? Diagnosis.ok(subject(), found)
            : Diagnosis.warning(
                subject(),
                found + ", but not at " + String.join(", ", silent),
                "take the addresses where nothing listens out of the DNS: each costs time"));
  }
}
