package ai.callmeback.dev.chaos.money;

/**
 * A purchase to be made.
 *
 * @param number counts from 1, for messages
 * @param asked how often the same request is sent
 */
record Wish(int number, String product, int quantity, Fate fate, int asked) {
    @Override
    public String toString() {
        return "purchase " + number + " (" + product + ", " + fate + ")";
    }
}
