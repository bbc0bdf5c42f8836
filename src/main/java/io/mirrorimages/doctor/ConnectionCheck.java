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
    site.contact().connect();
    String through = site.contact().proxy().map(p -> ", through the proxy " + p).orElse("");
    return List.of(
        Diagnosis.ok(subject(), site.contact().address() + " takes connections" + through));
  }
}
