package io.mirrorimages.harbor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ByteSize;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.registry.client.RegistryApi.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the projects that are missing, one after the other, before anything is sent. */
public final class ProjectCreation {
  private final RegistryApi api;
  private final Projects projects;
  private final NewProjects how;
  private final OptionalLong quota;

  ProjectCreation(RegistryApi api, Projects projects, NewProjects how, OptionalLong quota) {
    this.api = api;
    this.projects = projects;
    this.how = how;
    this.quota = quota;
  }

  /**
   * Refuses to go on if projects are missing and none is to be created.
   *
   * @throws TransferException {@link FailureKind#DENIED} with the list of what is missing
   */
  public void check(Collection<String> missing) throws TransferException {
    if (how == NewProjects.NEVER && !missing.isEmpty()) {
      throw new TransferException(
          FailureKind.DENIED,
          lack(missing)
              + " missing, and "
              + Setting.CREATE_PROJECTS
              + "=never: let an administrator create what is"
              + " missing, or leave that option out");
    }
  }

  /**
   * Creates all of {@code missing}. One that somebody else has created meanwhile is as good.
   *
   * @param listener receives an event for each, and a hint for each quota that Harbor did not set
   * @throws TransferException {@link FailureKind#DENIED} with the list of what an administrator has
   *     to create, if the user may not
   */
  public void create(Collection<String> missing, RunListener listener) throws IOException {
    check(missing);
    List<String> left = new ArrayList<>(missing);
    for (String name : missing) {
      create(name, left, listener);
      left.remove(name);
    }
  }

  private void create(String name, List<String> left, RunListener listener) throws IOException {
    Reply reply = projects.create(name, how == NewProjects.PUBLIC, quota);
    switch (reply.status()) {
      case 200, 201 -> {
        Optional<Room> other = otherQuota(name);
        String text = "created    " + describe(name, other.isEmpty());
        listener.on(new RunEvent.ProjectCreated(name, text));
        other.ifPresent(room -> listener.on(new RunEvent.Hint(notSet(name, room))));
      }
      case 409 ->
          listener.on(
              new RunEvent.ProjectCreated(
                  name, "found      project " + name + ", which was just created"));
      case 401, 403 ->
          throw new TransferException(
              FailureKind.DENIED,
              lack(left)
                  + " missing, and user "
                  + api.user().orElse("")
                  + " may not create projects: let an administrator create what is missing, then"
                  + " run the same command again"
                  + reply.said());
      default ->
          throw new TransferException(
              reply.status() == 400 ? FailureKind.OPTION : FailureKind.NETWORK,
              api.registry() + " does not create project " + name + reply.said());
    }
    // A token of before has no right to it, and Harbor refuses one that is older.
    api.forgetTokens(name);
  }

  /** Harbor takes a quota from administrators only, and ignores it without a word from others. */
  private Optional<Room> otherQuota(String name) throws IOException {
    return quota.isEmpty()
        ? Optional.empty()
        : projects.room(name).filter(set -> set.limit() != quota.getAsLong());
  }

  private static String notSet(String name, Room set) {
    return "warning: the quota of project "
        + name
        + " is "
        + (set.isUnlimited() ? "unlimited" : ByteSize.format(set.limit()))
        + ": only an administrator may set one with "
        + Setting.PROJECT_QUOTA;
  }

  /**
   * Why a creation will be refused, or may be.
   *
   * @param certain whether it will be
   * @param text what to do about it
   */
  public record Doubt(boolean certain, String text) {}

  /** Foresees that the creation is refused; empty if nothing is known against it. */
  public Optional<Doubt> doubt(Collection<String> missing, RequesterKind asker) throws IOException {
    if (missing.isEmpty() || asker == RequesterKind.ADMINISTRATOR) {
      return Optional.empty();
    }
    if (asker == RequesterKind.PROJECT_ROBOT) {
      return Optional.of(
          new Doubt(
              true,
              lack(missing)
                  + " missing, and a robot of a project can't create any: let an administrator"
                  + " create what is missing"));
    }
    if (!projects.settings().adminsCreate()) {
      return Optional.empty();
    }
    String rule = lack(missing) + " missing, and only administrators create projects there";
    String user = api.user().orElse("");
    return Optional.of(
        switch (asker) {
          case PERSON ->
              new Doubt(
                  true, rule + ", and user " + user + " is none: let one create what is missing");
          case ROBOT ->
              new Doubt(
                  false,
                  rule
                      + ", and a robot only if it was given project:create: if "
                      + user
                      + " was not, let an administrator create what is missing");
          default ->
              new Doubt(
                  false, rule + ": if user " + user + " is none, let one create what is missing");
        });
  }

  /** The quota of the projects that are created; empty for Harbor's own. */
  public OptionalLong quota() {
    return quota;
  }

  /** What would be created, in words. */
  public String describe(String name) {
    return describe(name, true);
  }

  private String describe(String name, boolean withQuota) {
    return "project "
        + name
        + " ("
        + how
        + (withQuota && quota.isPresent() ? ", quota " + ByteSize.format(quota.getAsLong()) : "")
        + ")";
  }

  private String lack(Collection<String> names) {
    return "at "
        + api.registry()
        + " the project"
        + (names.size() == 1 ? " " : "s ")
        + String.join(", ", names)
        + (names.size() == 1 ? " is" : " are");
  }
}
