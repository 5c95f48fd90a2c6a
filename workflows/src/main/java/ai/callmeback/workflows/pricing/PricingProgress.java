package ai.callmeback.workflows.pricing;

/**
 * How far a refresh is.
 *
 * @param read prices and pages
 * @param unchanged of them as they were
 * @param changed taken into the price book: new, confirmed or a little different
 * @param held for finance
 * @param pagesChanged for finance to read
 * @param sourcesFailed could not be read; their prices stay
 */
public record PricingProgress(
        long read, long unchanged, long changed, long held, long pagesChanged, long sourcesFailed) {
    public static final PricingProgress NONE = new PricingProgress(0, 0, 0, 0, 0, 0);
    public static final PricingProgress FAILED = new PricingProgress(0, 0, 0, 0, 0, 1);

    public PricingProgress plus(PricingProgress more) {
        return new PricingProgress(
                read + more.read,
                unchanged + more.unchanged,
                changed + more.changed,
                held + more.held,
                pagesChanged + more.pagesChanged,
                sourcesFailed + more.sourcesFailed);
    }
}
