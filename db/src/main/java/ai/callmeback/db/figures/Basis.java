package ai.callmeback.db.figures;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a figure is summed from. The figure and the entries behind it are read by the same rule. */
sealed interface Basis {

    /**
     * Entries of these accounts.
     *
     * @param sign what a positive entry adds
     * @param kinds of these kinds only; all when empty
     * @param withoutKinds and of none of these
     * @param standing a balance at the end of the period, from the first entry on; else what moved in it
     */
    record Entries(
            FigureUnit unit,
            Set<String> accounts,
            int sign,
            Set<String> kinds,
            Set<String> withoutKinds,
            boolean standing)
            implements Basis {

        static Entries moved(String account, int sign) {
            return new Entries(FigureUnit.USD, Set.of(account), sign, Set.of(), Set.of(), false);
        }

        static Entries balance(FigureUnit unit, int sign, String... accounts) {
            return new Entries(unit, Set.of(accounts), sign, Set.of(), Set.of(), true);
        }

        Entries of(String... only) {
            return new Entries(unit, accounts, sign, Set.of(only), withoutKinds, standing);
        }

        Entries without(String... kindsLeftOut) {
            return new Entries(unit, accounts, sign, kinds, Set.of(kindsLeftOut), standing);
        }

        String ledgerUnit() {
            return unit == FigureUnit.USD ? "usd_micro" : "credit_second";
        }

        boolean takes(Fact fact) {
            return fact.isOf("ledger")
                    && accounts.contains(fact.b())
                    && fact.c().equals(ledgerUnit())
                    && (kinds.isEmpty() || kinds.contains(fact.a()))
                    && !withoutKinds.contains(fact.a());
        }
    }

    /** Lines of calls' costs: of a vendor, of all but one, of calls decided so, for that reason. Null: any. */
    record Costs(
            @Nullable String vendor,
            @Nullable String butVendor,
            @Nullable String decision,
            @Nullable String reason) implements Basis {
        boolean takes(Fact fact) {
            return fact.isOf("cost")
                    && (vendor == null || vendor.equals(fact.a()))
                    && !fact.a().equals(butVendor)
                    && (decision == null || decision.equals(fact.b()))
                    && (reason == null || reason.equals(fact.c()));
        }
    }

    /** A sum of other figures. */
    record Sum(List<String> plus, List<String> minus) implements Basis {
        List<String> terms() {
            return java.util.stream.Stream.concat(
                            plus.stream().map(name -> "+" + name),
                            minus.stream().map(name -> "-" + name))
                    .toList();
        }
    }
}
