package io.mirrorimages.doctor;

import io.mirrorimages.route.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks the name servers for the registry. */
final class NameCheck implements Check {
  private final DoctorContext site;

  NameCheck(DoctorContext site) {
    this.site = site;
  }

  @Override
  public CheckId subject() {
    return CheckId.DNS;
  }

  @Override
  public Set<CheckId> needs() {
    return Set.of();
  }

  @Override
  public List<CheckResult> look() throws IOException {
    String host = site.contact().host();
    boolean address = host.startsWith("[") || host.matches("[0-9.]+");
    if (address) {
      return List.of(CheckResult.ok(subject(), host + " is an address, no name"));
    }
    if (!Loopback.covers(host) && site.contact().proxy().isPresent()) {
      return List.of(
          CheckResult.ok(
              subject(), "left to the proxy " + site.contact().proxy().get() + ", which is asked"));
    }
    try {
      String found =
          Arrays.stream(InetAddress.getAllByName(host))
              .map(InetAddress::getHostAddress)
              .collect(Collectors.joining(", "));
      return List.of(CheckResult.ok(subject(), host + " is " + found));
    } catch (UnknownHostException e) {
      return List.of(
          CheckResult.failure(
              subject(),
              host + " is not known to the name servers",
              "check the name, /etc/resolv.conf and /etc/hosts; behind a proxy set HTTPS_PROXY"));
    }
  }
}
