/** What is sent, and kept, by the works of several benchmarks: an object of 100 bytes or so. */
export const USER = {
  id: 1,
  name: "Ada Lovelace",
  email: "ada@example.com",
  active: true,
  score: 0.5,
  role: "admin",
  at: 1.7e12,
};
