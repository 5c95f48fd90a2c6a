package ai.callmeback.dev.cli;

import ai.callmeback.dev.Endpoints;
import ai.callmeback.dev.Stack;
import ai.callmeback.dev.env.Vendor;
import ai.callmeback.dev.temporal.TemporalSource;

/** Says where everything is, and which vendors are real. */
final class Banner {
    private Banner() {}

    static void print(Stack stack, Console console) {
        Endpoints endpoints = stack.endpoints();
        console.line("");
        console.line("Call Me Back is up");
        console.line("  web UI             " + endpoints.api() + "/   (demo@callmeback.ai / demo123)");
        console.line("  API docs           " + endpoints.api() + "/docs");
        if (endpoints.simulators() != null) {
            console.line("  simulators         " + endpoints.simulators()
                    + "/   (phones, e-mails, journals; be the callee)");
        }
        console.line("  Temporal           " + endpoints.temporalTarget() + ", "
                + stack.temporal().describe());
        if (endpoints.temporalUi() != null) {
            console.line("  Temporal UI        " + endpoints.temporalUi() + "/");
        }
        console.line("  PostgreSQL         " + withoutPassword(endpoints.databaseUrl()));
        for (Vendor vendor : Vendor.values()) {
            console.line("  " + "%-18s ".formatted(vendor.title()) + mode(stack, vendor));
        }
        if (stack.temporal() instanceof TemporalSource.InJvm) {
            console.line("  WARNING        Temporal is the in-JVM test server: nothing in it survives a restart");
        }
        console.line("");
    }

    private static String mode(Stack stack, Vendor vendor) {
        return stack.simulated().contains(vendor) ? "simulated" : "REAL, at " + stack.vendorBase(vendor);
    }

    static String withoutPassword(String url) {
        return url.replaceFirst("(//[^:/@]+):[^@]*@", "$1:***@");
    }
}
