package io.mirrorimages;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ForwardingUpload;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** The rooms of the house, and which doors there are between them. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.mirrorimages");

  @Test
  void importsRunDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy("..cli..")
        .layer("job")
        .definedBy("..job..")
        .layer("nodes")
        .definedBy("..nodes..")
        .layer("naming")
        .definedBy("..naming..")
        .layer("serve")
        .definedBy("..serve..")
        .layer("sample")
        .definedBy("..sample..")
        .layer("report")
        .definedBy("..report..")
        .layer("doctor")
        .definedBy("..doctor..")
        .layer("registry")
        .definedBy("..registry..")
        .layer("harbor")
        .definedBy("..harbor..")
        .layer("archive")
        .definedBy("..archive..")
        .layer("state")
        .definedBy("..state..")
        .layer("mirror")
        .definedBy("..mirror..")
        .layer("route")
        .definedBy("..route..")
        .layer("credential")
        .definedBy("..credential..")
        .layer("tls")
        .definedBy("..tls..")
        .layer("list")
        .definedBy("..list..")
        .layer("lock")
        .definedBy("..lock..")
        .layer("location")
        .definedBy("..location..")
        .layer("failure")
        .definedBy("..failure..")
        .layer("image")
        .definedBy("..image..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("job")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("nodes")
        .mayOnlyBeAccessedByLayers("cli", "job")
        .whereLayer("naming")
        .mayOnlyBeAccessedByLayers("cli", "job", "nodes")
        .whereLayer("serve")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("sample")
        .mayOnlyBeAccessedByLayers("cli", "job")
        .whereLayer("doctor")
        .mayOnlyBeAccessedByLayers("cli", "job")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("cli", "job", "doctor")
        .whereLayer("harbor")
        .mayOnlyBeAccessedByLayers("cli", "job", "doctor")
        .whereLayer("registry")
        .mayOnlyBeAccessedByLayers("cli", "job", "doctor", "harbor")
        .whereLayer("list")
        .mayOnlyBeAccessedByLayers("cli", "job")
        .whereLayer("archive")
        .mayOnlyBeAccessedByLayers("cli", "job", "serve")
        .whereLayer("route")
        .mayOnlyBeAccessedByLayers("cli", "job", "nodes", "naming", "doctor", "registry")
        .whereLayer("location")
        .mayOnlyAccessLayers("failure")
        .whereLayer("credential")
        .mayOnlyBeAccessedByLayers("cli", "job", "nodes", "doctor", "route", "registry")
        .whereLayer("tls")
        .mayOnlyBeAccessedByLayers("cli", "job", "nodes", "doctor", "serve", "route", "registry")
        .whereLayer("lock")
        .mayOnlyBeAccessedByLayers("cli", "report", "archive", "state")
        .whereLayer("state")
        .mayOnlyBeAccessedByLayers("cli", "job", "registry")
        .whereLayer("mirror")
        .mayOnlyBeAccessedByLayers(
            "cli",
            "job",
            "naming",
            "serve",
            "sample",
            "report",
            "doctor",
            "harbor",
            "registry",
            "archive",
            "state")
        .whereLayer("failure")
        .mayOnlyBeAccessedByLayers(
            "cli",
            "job",
            "nodes",
            "naming",
            "serve",
            "sample",
            "report",
            "doctor",
            "harbor",
            "registry",
            "archive",
            "location",
            "state",
            "mirror",
            "route",
            "credential",
            "tls")
        .check(CLASSES);
  }

  @Test
  void nothingThatWaitsOrGoesOnAsksWhatTimeItIs() {
    // Clocks jump: waiting goes by System.nanoTime, and what is there by its hash.
    noClasses()
        .that()
        .resideInAnyPackage("..mirror..", "..archive..", "..image..", "..list..", "..serve..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .check(CLASSES);
  }

  /** All else sends events, so that the same is on the console, in the log and in the report. */
  @Test
  void onlyTheReportAndTheCommandLinePrint() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..report..", "..cli..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(PrintStream.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(PrintWriter.class)
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.mirrorimages.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("io.mirrorimages.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void decoratorsOfThePortsForwardAllAbilities() {
    assertForwarding(ImageSource.class, ForwardingImageSource.class);
    assertForwarding(ImageTarget.class, ForwardingImageTarget.class);
    assertForwarding(BlobUpload.class, ForwardingUpload.class);
  }

  /** A class that implements a port and has a field with one is a decorator. */
  private static void assertForwarding(Class<?> port, Class<?> forwarding) {
    classes()
        .that()
        .implement(port)
        .and(
            DescribedPredicate.describe(
                "have one as a field",
                type ->
                    type.getFields().stream()
                        .anyMatch(field -> field.getRawType().isAssignableTo(port))))
        .should()
        .beAssignableTo(forwarding)
        .check(CLASSES);
  }
}
