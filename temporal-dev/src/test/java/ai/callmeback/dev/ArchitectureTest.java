package ai.callmeback.dev;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the modules: who may know whom. */
class ArchitectureTest {
    private static JavaClasses ours;

    @BeforeAll
    static void importClasses() {
        // Tests may reach across, for their own modules' sake.
        ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("ai.callmeback");
    }

    @Test
    void modulesKnowOnlyWhatTheMapAllows() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("ai.callmeback..")
                .layer("domain")
                .definedBy("ai.callmeback.domain..")
                .layer("workflows")
                .definedBy("ai.callmeback.workflows..")
                .layer("db")
                .definedBy("ai.callmeback.db..")
                .layer("vendors")
                .definedBy("ai.callmeback.vendors..")
                .layer("activities")
                .definedBy("ai.callmeback.activities..")
                .layer("voice")
                .definedBy("ai.callmeback.voice..")
                .layer("api")
                .definedBy("ai.callmeback.api..")
                .layer("simulators")
                .definedBy("ai.callmeback.simulators..")
                .layer("dev")
                .definedBy("ai.callmeback.dev..")
                .whereLayer("domain")
                .mayNotAccessAnyLayer()
                .whereLayer("workflows")
                .mayOnlyAccessLayers("domain")
                .whereLayer("db")
                .mayOnlyAccessLayers("domain")
                .whereLayer("vendors")
                .mayOnlyAccessLayers("domain")
                .whereLayer("activities")
                .mayOnlyAccessLayers("domain", "workflows", "db", "vendors")
                .whereLayer("voice")
                .mayOnlyAccessLayers("domain", "workflows", "db", "vendors")
                .whereLayer("api")
                .mayOnlyAccessLayers("domain", "workflows", "db", "vendors")
                .whereLayer("dev")
                .mayNotBeAccessedByAnyLayer()
                .check(ours);
    }

    /** So that a wrong reading of a protocol cannot pass on both sides. */
    @Test
    void simulatorsShareNothingWithWhatTheySimulate() {
        noClasses()
                .that()
                .resideInAPackage("ai.callmeback.simulators..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ai.callmeback.domain..",
                        "ai.callmeback.workflows..",
                        "ai.callmeback.db..",
                        "ai.callmeback.vendors..",
                        "ai.callmeback.activities..",
                        "ai.callmeback.voice..",
                        "ai.callmeback.api..",
                        "ai.callmeback.dev..",
                        "com.twilio..")
                .check(ours);
        // The evaluation joins the product's ports to the simulators' ears and phone; no protocol is read there.
        noClasses()
                .that()
                .resideOutsideOfPackages("ai.callmeback.simulators..", "ai.callmeback.dev.eval..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.callmeback.simulators..")
                .check(ours);
    }

    @Test
    void theDomainKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("ai.callmeback.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "io.temporal..", "io.netty..", "reactor..", "io.r2dbc..", "java.sql..")
                .check(ours);
    }

    /** Workflow code runs again and again from history; a clock, a random number or a thread would change it. */
    @Test
    void workflowsAreDeterministic() {
        noClasses()
                .that()
                .resideInAPackage("ai.callmeback.workflows..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.netty..", "reactor..", "java.sql..", "java.net.http..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(ours);
    }

    @Test
    void nothingLeansOnTheCommandLine() {
        classes()
                .that()
                .resideInAPackage("ai.callmeback.dev.cli..")
                .should()
                .onlyBeAccessed()
                .byAnyPackage("ai.callmeback.dev.cli..")
                .check(ours);
    }
}
